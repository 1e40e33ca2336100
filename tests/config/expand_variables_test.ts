import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { createExpander } from "../../src/config/expand_variables.ts";
import type { VariableSource } from "../../src/config/expand_variables.ts";

Deno.test("expand() knows the forms of all editors", () => {
  const { expand, problems } = createExpander(source());

  const expanded = [
    "${TOKEN}/${env:TOKEN}",
    "${NONE:-fallback}/${NONE:-}/${env:NONE:-x:y}",
    "${EMPTY}/${EMPTY:-used}",
    "${input:api-key}/${input:region}",
    "${userHome}|${workspaceFolder}|${workspaceFolderBasename}|${pathSeparator}|${/}",
  ].map(expand);

  deepStrictEqual(expanded, [
    "s3cret/s3cret",
    "fallback//x:y",
    "/used",
    "from-input/eu",
    "/home/ann|/project/shop|shop|/|/",
  ]);
  deepStrictEqual(problems, []);
});

Deno.test("expand() leaves text alone that is no variable", () => {
  const { expand, problems } = createExpander(source());
  const texts = ["$TOKEN", "$${TOKEN}", "${", "${}", "${a b}", "{TOKEN}", "${1}", "100$"];

  deepStrictEqual(texts.map(expand), texts);
  deepStrictEqual(problems, []);
});

Deno.test("expand() names what is missing once, and shows no value", () => {
  const { expand, problems } = createExpander(source());

  expand("${NONE}${NONE}${input:none}${command:pick}${input:blank}${A:-${TOKEN}}");

  deepStrictEqual(problems, [
    'variable "NONE" is not set',
    'input "none" is not set (variable "INPUT_NONE")',
    '"${command:…}" is not supported',
    'input "blank" is not set (variable "INPUT_BLANK")',
    'the default of "A" holds a variable',
  ]);
});

Deno.test("expand() finds nothing under the names every object has", () => {
  const { expand, problems } = createExpander(source());

  strictEqual(expand("${constructor}${__proto__}${toString}"), "");
  strictEqual(problems.length, 3);
});

Deno.test("expand() never expands what a value holds", () => {
  const { expand } = createExpander(source({ environment: { A: "${B}", B: "secret" } }));

  strictEqual(expand("${A}"), "${B}");
});

Deno.test("expand() bounds what many variables add up to", () => {
  const { expand, problems } = createExpander(
    source({ environment: { A: "x".repeat(1_000_000) } }),
  );

  const text = expand("${A}".repeat(1_000));

  ok(text.length <= 4 * 1024 * 1024);
  deepStrictEqual(problems, ["its variables are too long"]);
});

Deno.test("expand() takes any text and changes none without a dollar sign", () => {
  const part = fc.constantFrom("$", "{", "}", "env:", "input:", ":-", "TOKEN", "$${", "/", "a");
  const text = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(""));

  fc.assert(fc.property(text, (text) => {
    const expanded = createExpander(source()).expand(text);
    return text.includes("${") || expanded === text;
  }));
});

function source(overrides: Partial<VariableSource> = {}): VariableSource {
  return {
    environment: { TOKEN: "s3cret", EMPTY: "", HOME: "/home/ann", INPUT_API_KEY: "from-input" },
    folder: "/project/shop",
    inputs: new Map([["region", "eu"], ["blank", ""]]),
    ...overrides,
  };
}
