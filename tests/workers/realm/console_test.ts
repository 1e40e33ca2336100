import { deepStrictEqual, match, strictEqual } from "assert";
import { createConsole } from "../../../workers/realm/console.ts";

Deno.test("createConsole() logs each level under its own name", () => {
  const { console, lines } = watched();

  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    console[level]("%s", level, 1);
  }

  deepStrictEqual(lines, [
    "debug: debug 1",
    "log: log 1",
    "info: info 1",
    "warn: warn 1",
    "error: error 1",
  ]);
});

Deno.test("createConsole() moves what is in a group to the right", () => {
  const { console, lines } = watched();

  console.group("outer");
  console.groupCollapsed();
  console.log("two\nlines");
  console.groupEnd();
  console.log("one");
  console.groupEnd();
  console.groupEnd();
  console.log("none");

  deepStrictEqual(lines, ["log: outer", "log:     two\n    lines", "log:   one", "log: none"]);
});

Deno.test("createConsole() counts by label", () => {
  const { console, lines } = watched();

  console.count();
  console.count("x");
  console.count();
  console.countReset();
  console.count();
  console.countReset("y");

  deepStrictEqual(lines, [
    "log: default: 1",
    "log: x: 1",
    "log: default: 2",
    "log: default: 1",
    'warn: Count for "y" does not exist',
  ]);
});

Deno.test("createConsole() measures by label with the clock it is given", () => {
  const times = [10, 12.3456, 20];
  const { console, lines } = watched(() => times.shift() ?? 0);

  console.time("a");
  console.time("a");
  console.timeLog("a", { step: 1 });
  console.timeEnd("a");
  console.timeEnd("a");

  deepStrictEqual(lines, [
    'warn: Timer "a" already exists',
    "log: a: 2.345ms { step: 1 }",
    "log: a: 10ms",
    'warn: Timer "a" does not exist',
  ]);
});

Deno.test("createConsole() logs only assertions that fail", () => {
  const { console, lines } = watched();

  console.assert(true, "fine");
  console.assert(false);
  console.assert(0, "no %s", "way");
  console.assert(null, { a: 1 });

  deepStrictEqual(lines, [
    "error: Assertion failed",
    "error: Assertion failed: no way",
    "error: Assertion failed: { a: 1 }",
  ]);
});

Deno.test("createConsole() shows to the depth that dir() is given", () => {
  const { console, lines } = watched();

  console.dir({ a: { b: { c: 1 } } }, { depth: 1 });
  console.dirxml("x", [1]);
  console.clear();

  deepStrictEqual(lines, ["log: { a: { b: [Object] } }", "log: x [ 1 ]"]);
});

Deno.test("createConsole() draws tables and shows other values as they are", () => {
  const { console, lines } = watched();

  console.table([1]);
  console.table("text");

  match(lines[0], /^log: ┌/);
  strictEqual(lines[1], "log: text");
});

Deno.test("createConsole() cuts a line at maxBytes", () => {
  const lines: string[] = [];
  const console = createConsole((_, text) => lines.push(text), () => 0, { maxBytes: 132 });

  console.log("x".repeat(1_000));

  deepStrictEqual(lines, [`${"x".repeat(100)}... 900 more bytes`]);
});

Deno.test("createConsole() traces under debug", () => {
  const { console, lines } = watched();

  console.trace("here", 1);
  console.trace();

  deepStrictEqual(lines, ["debug: Trace: here 1", "debug: Trace"]);
});

function watched(now = () => 0) {
  const lines: string[] = [];
  const log = (level: string, text: string) => void lines.push(`${level}: ${text}`);
  return { console: createConsole(log, now), lines };
}
