/** Aligned columns for lists: two blanks between columns, no blank at the end of a line. */

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tableLines({ header, rows }: Table): string[] {
  const widths = header.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)),
  );
  return [header, ...rows].map((row) => alignedLine(row, widths));
}

function alignedLine(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
    .join('  ')
    .trimEnd();
}

/** In characters, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
