/** Takes text apart into the words a search compares. @module */

const maxChars = 4_000;
const maxWordChars = 40;

/** Words that say nothing about which tool is meant. */
const stopWords = new Set(
  ("a an and are as at be been but by can could do does for from had has have he her his how i if in " +
    "into is it its just me my no not of on or our out over please she should so some somebody " +
    "someone something than that the their them then there these they this those to under up us " +
    "via want was we were what when where which who why will with would you your").split(" "),
);

/**
 * The words of a text in lower case: names are split where case, digits and
 * signs divide them, and a name with inner capitals also counts as a whole.
 *
 * @example Usage
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * import { splitWords } from "./words.ts";
 * deepStrictEqual(splitWords("listGitHubRepos_v2"), [
 *   "list", "git", "hub", "repos", "listgithubrepos", "v", "2",
 * ]);
 * ```
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [letters] of text.slice(0, maxChars).matchAll(/[\p{L}\p{M}]+|\p{N}+/gu)) {
    const run = letters.slice(0, maxWordChars);
    const parts = run.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[^\p{Lu}]+|\p{Lu}+/gu) ?? [run];
    words.push(...parts.map((part) => part.toLowerCase()));
    if (parts.length > 1) words.push(run.toLowerCase());
  }
  return words;
}

/**
 * A word without its English ending, so that `creates`, `created` and
 * `creating` meet `create`; `undefined` for a word that says nothing.
 */
export function stemWord(word: string): string | undefined {
  if (stopWords.has(word)) return undefined;
  return withoutEnding(withoutPlural(word));
}

function withoutPlural(word: string): string {
  if (word.length < 4 || !word.endsWith("s") || /(ss|us|is)$/.test(word)) return word;
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return /(ss|x|z|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

function withoutEnding(word: string): string {
  const stem = word.match(/^(.*[aeiouy].*?)(?:ing|ed)$/)?.[1] ?? word;
  const whole = stem.length < 3 ? word : stem;
  if (whole !== word && /([bdfgmnprt])\1$/.test(whole)) return whole.slice(0, -1);
  return whole.length > 3 && whole.endsWith("e") ? whole.slice(0, -1) : whole;
}
