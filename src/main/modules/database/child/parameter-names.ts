/**
 * The parameters of SQL, read as SQLite's tokenizer reads them: node:sqlite counts them nowhere, and what gets no value
 * is NULL without a word. Only texts, names and comments need to be told from parameters; no grammar is known here.
 */

/** A text of one kind of quotes ends at the next one: a doubled quote is two texts, which is the same for this purpose. */
const token =
  /'[^']*'?|"[^"]*"?|`[^`]*`?|\[[^\]]*\]?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?(?<number>\d*)|(?<name>[:@$](?:[\w$\x80-\uffff]|::)+(?:\([^)\s]*\)?)?)|[\w\x80-\uffff][\w$\x80-\uffff]*/g;

/** SQLite's own limit; a higher number is refused where the SQL is prepared. */
const highestNumber = 32_766;

/** The name of each parameter with its mark, such as `:id`, by its place; undefined for `?`. */
export function parameterNames(sql: string): (string | undefined)[] {
  const places = new Map<string, number>();
  let count = 0;
  for (const { groups: { number, name } = {} } of sql.matchAll(token)) {
    if (number) count = Math.max(count, Math.min(Number(number), highestNumber));
    else if (number === '') count += 1;
    else if (name !== undefined && !places.has(name)) places.set(name, count++);
  }
  const names = new Array<string | undefined>(count).fill(undefined);
  for (const [name, place] of places) names[place] = name;
  return names;
}
