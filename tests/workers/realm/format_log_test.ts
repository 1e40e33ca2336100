import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { formatLog } from "../../../workers/realm/format_log.ts";

Deno.test("formatLog() fills in every directive", () => {
  const cases: [unknown[], string][] = [
    [["%s and %s", "a", { b: 1 }], "a and { b: 1 }"],
    [["%d %d %d %d", 42.5, "7", 3n, {}], "42.5 7 3n NaN"],
    [["%i %i", 42.9, "12px"], "42 12"],
    [["%f %f", "1.5x", -0], "1.5 0"],
    [["%o %O %j", [1], "s", { a: 1 }], '[ 1 ] "s" {"a":1}'],
    [["%cred%c", "color: red", ""], "red"],
    [["100%% %s", "x"], "100% x"],
    [["100%%"], "100%%"],
    [["%s %s %x %", "a"], "a %s %x %"],
    [["a", "%s", { b: 1 }, null], "a %s { b: 1 } null"],
    [[1, "b"], "1 b"],
    [[], ""],
  ];

  deepStrictEqual(cases.map(([args]) => formatLog(args)), cases.map(([, text]) => text));
});

Deno.test("formatLog() shows what is no JSON without a throw", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);

  deepStrictEqual([cycle, 1n, undefined].map((value) => formatLog(["%j", value])), [
    "[Circular]",
    "[Circular]",
    "undefined",
  ]);
});

Deno.test("formatLog() never throws and keeps to maxBytes", () => {
  const format = fc.string({ unit: fc.constantFrom(..."%sdifoOjc x") });
  fc.assert(
    fc.property(
      format,
      fc.array(fc.anything({ withBigInt: true, withNullPrototype: true })),
      (text, args) => {
        ok(formatLog([text, ...args, Symbol("s")], { maxBytes: 100 }).length <= 100);
      },
    ),
  );
});

Deno.test("formatLog() cuts a long line with a notice", () => {
  strictEqual(
    formatLog(["x".repeat(1_000)], { maxBytes: 132 }),
    `${"x".repeat(100)}... 900 more bytes`,
  );
});
