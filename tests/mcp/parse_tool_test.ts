import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { parseTool } from "../../src/mcp/parse_tool.ts";

const inputSchema = { type: "object" };
const catalogue = Deno.env.get("AIRLOCK_CATALOGUE") ??
  new URL("../../../shared/catalogue", import.meta.url).pathname;

Deno.test("parseTool() keeps what a tool says and reads null as nothing", () => {
  const raw = {
    name: "a b",
    title: null,
    description: null,
    inputSchema: { properties: {} },
    outputSchema: null,
    annotations: { title: "A", readOnlyHint: true, destructiveHint: "no" },
    icons: [],
  };

  deepStrictEqual(parseTool(raw, 0), {
    tool: {
      name: "a b",
      title: "A",
      inputSchema: { properties: {} },
      annotations: { readOnlyHint: true },
    },
  });
});

Deno.test("parseTool() quarantines what cannot be used, with the reason", () => {
  const cases: [unknown, string, string][] = [
    [null, "(tool 4)", "it is not an object"],
    [{ inputSchema }, "(tool 4)", "it has no name"],
    [{ name: "", inputSchema }, "(tool 4)", "it has no name"],
    [{ name: 5, inputSchema }, "(tool 4)", "it has no name"],
    [{ name: "a" }, "a", "its inputSchema is not an object"],
    [{ name: "a", inputSchema: "x" }, "a", "its inputSchema is not an object"],
    [{ name: "a", inputSchema: false }, "a", "its inputSchema allows nothing"],
    [
      { name: "a", inputSchema: { type: "array" } },
      "a",
      'the type of its inputSchema is not "object"',
    ],
    [{ name: "a", inputSchema: nested(65) }, "a", "its inputSchema is nested deeper than 64"],
    [
      { name: "a", inputSchema, outputSchema: { anyOf: Array(10_001).fill({}) } },
      "a",
      "its outputSchema holds more than 10000 schemas",
    ],
    [
      { name: "a", inputSchema: { description: "x".repeat(2 ** 20) } },
      "a",
      "its inputSchema is larger than 1048576 bytes",
    ],
    [
      { name: "a", inputSchema, description: "x".repeat(65_537) },
      "a",
      "its description is longer than 65536 characters",
    ],
  ];

  for (const [raw, tool, problem] of cases) {
    deepStrictEqual(parseTool(raw, 3), {
      quarantined: { tool, reason: `Cannot use the tool: ${problem}` },
    });
  }
});

Deno.test("parseTool() shortens and cleans a name that is too long", () => {
  const parsed = parseTool({ name: "\x1b[31m" + "n".repeat(400), inputSchema }, 0);

  ok("quarantined" in parsed);
  ok(parsed.quarantined.tool.length < 300 && parsed.quarantined.tool.startsWith("nnn"));
});

Deno.test("parseTool() takes boolean schemas, nullable objects and any output", () => {
  const inputs = [true, {}, { type: ["object", "null"] }];
  const outputs = [true, { type: "array" }, { $ref: "http://127.0.0.1:1/x" }, { pattern: "(" }];

  for (const input of inputs) ok("tool" in parseTool({ name: "a", inputSchema: input }, 0));
  for (const outputSchema of outputs) {
    deepStrictEqual(parseTool({ name: "a", inputSchema, outputSchema }, 0), {
      tool: { name: "a", inputSchema, outputSchema },
    });
  }
});

Deno.test({
  name: "parseTool() takes all tools of real servers (needs AIRLOCK_CATALOGUE)",
  ignore: !hasCatalogue(),
  fn: async () => {
    let count = 0;
    for await (const { name } of Deno.readDir(catalogue)) {
      if (!name.endsWith(".json")) continue;
      const { tools } = JSON.parse(await Deno.readTextFile(`${catalogue}/${name}`));
      for (const raw of Array.isArray(tools) ? tools : []) {
        deepStrictEqual(Object.keys(parseTool(raw, 0)), ["tool"]);
        count++;
      }
    }
    ok(count > 1000);
  },
});

Deno.test("parseTool() never throws", () => {
  const anything = fc.record({
    name: fc.anything(),
    inputSchema: fc.oneof(fc.object(), fc.anything()),
    annotations: fc.anything(),
  }, { requiredKeys: [] });
  fc.assert(fc.property(anything, (raw) => {
    const parsed = parseTool(JSON.parse(JSON.stringify(raw) ?? "null"), 0);

    strictEqual("tool" in parsed || "quarantined" in parsed, true);
  }));
});

function nested(depth: number): unknown {
  let schema: unknown = true;
  for (let i = 0; i < depth; i++) schema = { items: schema };
  return schema;
}

function hasCatalogue(): boolean {
  try {
    return Deno.statSync(catalogue).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
