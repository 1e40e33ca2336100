/** Keeps known secrets out of everything that is logged. @module */

/** Shorter texts are too likely to stand for something else. */
const shortest = 8;

const known = new Set<string>();
const recent = new Set<string>();
let pattern: RegExp | undefined;

/**
 * Makes the given values appear as `[secret]` in all log output from now on,
 * also where they stand inside a JSON string or a URL. Values of fewer than 8
 * characters are left out.
 */
export function redactSecrets(values: Iterable<string>): void {
  for (const value of values) {
    if (value.length >= shortest) { for (const form of formsOf(value)) known.add(form); }
  }
  pattern = patternOf();
}

/**
 * The same for values that are replaced from time to time, as tokens are: of
 * these only the latest 256 are kept.
 */
export function redactRecent(values: Iterable<string>): void {
  for (const value of values) {
    if (value.length < shortest) continue;
    recent.delete(value);
    recent.add(value);
  }
  for (const oldest of [...recent].slice(0, -256)) recent.delete(oldest);
  pattern = patternOf();
}

/** Forgets all secrets, so that one test does not see those of another. */
export function forgetSecrets(): void {
  known.clear();
  recent.clear();
  pattern = undefined;
}

/** The text with each known secret replaced by `[secret]`. */
export function redact(text: string): string {
  return pattern === undefined ? text : text.replace(pattern, "[secret]");
}

function patternOf(): RegExp | undefined {
  const all = [...known, ...[...recent].flatMap(formsOf)].sort((a, b) => b.length - a.length);
  return all.length === 0 ? undefined : new RegExp(all.map(escapePattern).join("|"), "g");
}

/** A secret as it is written, as it stands in JSON text, and as it stands in a URL. */
function formsOf(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
