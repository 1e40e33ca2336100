import { deepStrictEqual, ok, strictEqual, throws } from "assert";
import fc from "fast-check";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { parseArguments } from "../../src/cli/parse_arguments.ts";

const specs = {
  tools: { type: "string", multiple: true },
  json: { type: "boolean" },
  timeout: { type: "string" },
} as const;

Deno.test("parseArguments() reads words, values and switches in any order", () => {
  const parsed = parseArguments(
    ["a.ts", "--tools", "x", "--json", "--tools=y", "--timeout", "50", "--", "--not-an-option"],
    specs,
    2,
  );

  deepStrictEqual(parsed.positionals, ["a.ts", "--not-an-option"]);
  deepStrictEqual(parsed.values("tools"), ["x", "y"]);
  strictEqual(parsed.value("tools"), "y");
  ok(parsed.has("json"));
  strictEqual(parsed.number("timeout", { min: 1, max: 60 }), 50);
  strictEqual(parsed.number("port", { min: 1, max: 60 }), undefined);
});

Deno.test("parseArguments() takes a dash as a word", () => {
  deepStrictEqual(parseArguments(["-"], specs, 1).positionals, ["-"]);
});

Deno.test("parseArguments() refuses numbers that are none or out of range", () => {
  for (const text of ["0", "61", "1e1", "5.5", "", "0x10", "٣"]) {
    const parsed = parseArguments([`--timeout=${text}`], specs, 0);
    throws(() => parsed.number("timeout", { min: 1, max: 60 }), { code: "usage" });
  }
});

Deno.test("parseArguments() never mistakes an option for a value", () => {
  throws(() => parseArguments(["--tools", "--json"], specs, 0), {
    message: 'Cannot use "--tools": its value is missing',
  });
});

Deno.test("parseArguments() knows no inherited names", () => {
  throws(() => parseArguments(["--constructor"], specs, 0), { code: "usage" });
  throws(() => parseArguments(["--__proto__=1"], specs, 0), { code: "usage" });
});

Deno.test("parseArguments() throws nothing but clear errors", () => {
  const word = fc.oneof(fc.string(), fc.constantFrom("--", "-", "--tools", "--json", "--no-json"));
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (args) => {
    try {
      parseArguments(args, specs, 6);
    } catch (error) {
      ok(error instanceof AirlockError);
      strictEqual(error.code, "usage");
    }
  }));
});
