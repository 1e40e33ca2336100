/** Where the statements of a text begin. @module */

/** What stands between statements: white space as SQLite has it, semicolons, comments. */
const blank = /[ \t\n\f\r;\uFEFF]+|--[^\n]*|\/\*[^]*?(?:\*\/|$)/y;

/** Index of the first statement at or after `from`; the text's length where there is none. */
export function nextStatement(sql: string, from: number): number {
  for (let at = from;;) {
    blank.lastIndex = at;
    const found = blank.exec(sql);
    if (found === null) return at;
    at += found[0].length;
  }
}
