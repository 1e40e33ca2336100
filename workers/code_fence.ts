/** Takes off the Markdown fence that models put around code. @module */

/** Blanks the lines of a Markdown fence around the code, so that lines keep their numbers. */
export function withoutFence(code: string): string {
  const opening = /^\s*(`{3,}|~{3,})[^\n`]*\n/.exec(code);
  const closing = code.trimEnd();
  if (opening === null || !closing.endsWith(`\n${opening[1]}`)) return code;
  const blank = opening[0].replace(/[^\n]/g, " ");
  return blank + closing.slice(opening[0].length, closing.length - opening[1].length);
}
