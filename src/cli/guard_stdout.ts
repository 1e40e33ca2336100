/** Keeps standard output for a protocol. @module */

/** Methods of `console` that write to standard output. */
const methods = [
  "log",
  "info",
  "debug",
  "dir",
  "dirxml",
  "table",
  "count",
  "group",
  "groupCollapsed",
  "timeEnd",
  "timeLog",
] as const;

/** Sends what `console` would write to standard output to standard error, until it is disposed of. */
export function guardStdout(): Disposable {
  const originals = methods.map((name) => ({ name, original: console[name] }));
  for (const name of methods) console[name] = console.error;
  return {
    [Symbol.dispose]: () => {
      for (const { name, original } of originals) console[name] = original;
    },
  };
}
