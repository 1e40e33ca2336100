import { deepStrictEqual, strictEqual } from "assert";
import { validateArguments } from "../../src/catalog/validate_arguments.ts";
import type { Json } from "../../src/protocol/json.ts";
import { memoryArguments, memoryTools } from "../../src/memory/memory_tools.ts";

Deno.test("memoryTools are the five of API.md, each with a hash of its own", () => {
  deepStrictEqual(
    memoryTools.map(({ name }) => name),
    ["memory.get", "memory.set", "memory.delete", "memory.list", "memory.search"],
  );
  strictEqual(new Set(memoryTools.map(({ hash }) => hash)).size, 5);
});

Deno.test("memoryArguments judge as the schemas of the tools do", () => {
  const key = "k".repeat(512);
  const cases: [
    operation: keyof typeof memoryArguments,
    args: Record<string, Json>,
    fits: boolean,
  ][] = [
    ["get", { key }, true],
    ["get", { key: `${key}k` }, false],
    ["get", { key: "" }, false],
    ["get", { key: 1 }, false],
    ["get", {}, false],
    ["get", { key, more: 1 }, false],
    ["set", { key, value: null }, true],
    ["set", { key, value: { a: [1, "x"] } }, true],
    ["set", { key }, false],
    ["delete", { key }, true],
    ["list", {}, true],
    ["list", { prefix: "", limit: 1 }, true],
    ["list", { limit: 0 }, false],
    ["list", { limit: 1.5 }, false],
    ["search", { query: "x", limit: 100 }, true],
    ["search", { query: "x", limit: 101 }, false],
    ["search", {}, false],
  ];

  for (const [operation, args, fits] of cases) {
    const tool = memoryTools.find(({ member }) => member === operation);
    if (tool === undefined) throw new TypeError(`Cannot find "${operation}"`);
    const label = `${operation} ${JSON.stringify(args)}`;
    strictEqual(validateArguments(tool, args).length === 0, fits, `schema: ${label}`);
    strictEqual(memoryArguments[operation].safeParse(args).success, fits, `parser: ${label}`);
  }
});
