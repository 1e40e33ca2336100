import { deepStrictEqual, match, ok, strictEqual } from "assert";
import fc from "fast-check";
import { diffTools } from "../../src/catalog/tool_diff.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";

const tool: ListedTool = {
  name: "pay",
  description: "one\ntwo\nthree\nfour\nfive\nsix",
  inputSchema: { type: "object", properties: { to: { type: "string" } } },
};

Deno.test("diffTools() shows changed lines with those around them, field by field", () => {
  const after: ListedTool = {
    ...tool,
    title: "Pay",
    description: "one\ntwo\nthree\nFOUR\nfive\nsix\nseven",
    inputSchema: { properties: { to: { type: "number" } }, type: "object" },
  };

  deepStrictEqual(diffTools(tool, after).split("\n"), [
    "title:",
    "+ Pay",
    "description:",
    "  two",
    "  three",
    "- four",
    "+ FOUR",
    "  five",
    "  six",
    "+ seven",
    "inputSchema:",
    '    "properties": {',
    '      "to": {',
    '-       "type": "string"',
    '+       "type": "number"',
    "      }",
    "    },",
  ]);
});

Deno.test("diffTools() leaves out equal lines between changes", () => {
  const after = { ...tool, description: "ONE\ntwo\nthree\nfour\nfive\nSIX" };
  const before = { ...tool, description: "one\ntwo\nthree\nfour\nfive\nsix" };
  const far = { ...before, description: before.description.replace("three", "three\n3a\n3b") };

  match(
    diffTools(far, { ...after, description: after.description.replace("three", "three\n3a\n3b") }),
    /three\n {2}…\n {2}four/,
  );
});

Deno.test("diffTools() shows what is hidden, also in schemas", () => {
  const after: ListedTool = {
    ...tool,
    description: `${tool.description}\u200b`,
    inputSchema: { type: "object", "x\u{e0041}": "\u202e" },
  };

  const diff = diffTools(tool, after);

  match(diff, /\+ six\\u\{200b\}/);
  match(diff, /"x\\u\{e0041\}": "\\u\{202e\}"/);
});

Deno.test("diffTools() says what it cut, and that nothing is known of before", () => {
  const description = Array.from({ length: 3_000 }, (_, i) => `${i}`).join("\n");
  const long = diffTools(tool, { ...tool, description });
  const wide = diffTools(tool, { ...tool, title: "x".repeat(600) });

  match(long, /… \d{4} more lines$/);
  match(wide, /x… \(100 more characters\)$/);
  match(diffTools(undefined, tool), /^\(the earlier definition was not kept\)\n/);
});

Deno.test("diffTools() has every removed and every added line, and is empty for equal ones", () => {
  const line = fc.constantFrom("a", "b", "c", "d");
  const lines = fc.array(line, { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(lines, lines, (before, after) => {
    const of = (text: string[]) => ({ ...tool, description: text.join("\n") });
    const diff = diffTools(of(before), of(after)).split("\n");
    const count = (sign: string) => diff.filter((shown) => shown.startsWith(`${sign} `)).length;
    strictEqual(count("+") - count("-"), after.length - before.length);
    ok(count("-") <= before.length);
    if (before.join() === after.join()) deepStrictEqual(diff, [""]);
    else ok(count("+") + count("-") > 0);
  }));
});
