/** Reads a list with commas, such as `src,lib`; an empty text is the empty list. */
export function readList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
