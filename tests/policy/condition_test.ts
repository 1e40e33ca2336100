import { deepStrictEqual, match, ok, strictEqual, throws } from "assert";
import fc from "fast-check";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { checkCondition, parseCondition } from "../../src/policy/condition.ts";

Deno.test("parseCondition() binds && stronger than || and ! strongest", () => {
  const condition = parseCondition("!arguments.a || arguments.b > 1 && tool == 'x.y'");

  deepStrictEqual(condition, {
    type: "any",
    of: [
      { type: "not", of: { type: "path", root: "arguments", steps: ["a"] } },
      {
        type: "all",
        of: [
          {
            type: "compare",
            by: ">",
            left: { type: "path", root: "arguments", steps: ["b"] },
            right: { type: "literal", value: 1 },
          },
          {
            type: "compare",
            by: "==",
            left: { type: "path", root: "tool", steps: [] },
            right: { type: "literal", value: "x.y" },
          },
        ],
      },
    ],
  });
});

Deno.test("parseCondition() reads paths with names, places and quoted names", () => {
  const condition = parseCondition(`arguments.items[0]["unit price"].length`);

  deepStrictEqual(condition, {
    type: "path",
    root: "arguments",
    steps: ["items", 0, "unit price", "length"],
  });
});

Deno.test("parseCondition() reads a test the same as function and as method", () => {
  deepStrictEqual(
    parseCondition(`arguments.to.endsWith("@x.org")`),
    parseCondition(`endsWith(arguments.to, '@x.org')`),
  );
});

const refused: [text: string, message: RegExp][] = [
  ["", /ends too early at character 1$/],
  ["arguments.amount >", /ends too early at character 19$/],
  ["arguments.amount > 100 100", /unexpected "100" at character 24$/],
  [
    "argument.amount > 100",
    /unknown name "argument", perhaps "arguments" was meant, at character 1$/,
  ],
  ["fetch('http://x')", /unknown name "fetch"/],
  ["arguments.a.toString()", /unknown name "toString" at character 13$/],
  ["arguments.a = 1", /unexpected "=" at character 13$/],
  ["arguments.a + 1", /unexpected "\+" at character 13$/],
  ["1 < arguments.a < 3", /unexpected "<" at character 17$/],
  ["!arguments.a == true", /only values can be compared, not conditions at character 1$/],
  ["(arguments.a", /expected "\)" at character 13$/],
  ["arguments.a in [1, 2", /expected "," at character 21$/],
  ["arguments[-1]", /whole number from 0 at character 11$/],
  ["arguments[1.5]", /whole number from 0/],
  ["arguments..a", /unexpected "\." at character 11$/],
  ["contains(arguments.a)", /"contains" takes two values at character 1$/],
  ["arguments.a.contains()", /"\.contains" takes one value/],
  ["arguments.a == 'open", /unexpected "'" at character 16$/],
  [String.raw`arguments.a == "\x41"`, /unknown escape "\\x" in the text at character 16$/],
  ["arguments.a == 1px", /unexpected "1"/],
  ["`x`", /unexpected "`" at character 1$/],
  ["!".repeat(33) + "true", /nests deeper than 32 levels/],
  ["(".repeat(500), /nests deeper than 32 levels/],
  ["tool == '" + "x".repeat(1024) + "'", /longer than 1024 characters$/],
];

Deno.test("parseCondition() refuses what it cannot read, with the place", () => {
  for (const [text, message] of refused) {
    throws(
      () => parseCondition(text),
      (error) =>
        error instanceof AirlockError && error.code === "invalid_config" &&
        message.test(error.message),
      text,
    );
  }
});

Deno.test("parseCondition() nests to the limit", () => {
  strictEqual(parseCondition("(".repeat(32) + "true" + ")".repeat(32)).type, "literal");
});

Deno.test("checkCondition() gives the message, or nothing", () => {
  strictEqual(checkCondition("arguments.amount > 100"), undefined);
  match(checkCondition("arguments.amount >") ?? "", /^Cannot read a condition: /);
});

Deno.test("checkCondition() judges any text without throwing", () => {
  const pieces = fc.constantFrom(
    ..."arguments . [ ] ( ) ! && || == in < 1 -2 'a' \"b\" true contains , tool \\ $ é".split(" "),
  );
  const texts = fc.oneof(fc.string(), fc.array(pieces).map((parts) => parts.join(" ")));

  fc.assert(fc.property(texts, (text) => {
    const problem = checkCondition(text);
    ok(problem === undefined || problem.startsWith("Cannot read a condition: "));
  }));
});
