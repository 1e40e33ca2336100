/** Makes visible what a stranger's text may hide. @module */

/** What cannot be seen: controls, formats, surrogates, separators, zero-width and unassigned ones. */
const hidden = /[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/gv;

/** Shows characters that cannot be seen, or would end a line, as `\u{…}`; keeps `\n` and tabs. */
export function showHidden(text: string): string {
  return text.replace(hidden, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
}
