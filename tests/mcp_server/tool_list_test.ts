import { deepStrictEqual, ok, strictEqual } from "assert";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { executeArguments, toolList } from "../../src/mcp_server/tool_list.ts";

Deno.test("toolList costs at most 700 tokens and promises no output", () => {
  const tokens = countTokens(JSON.stringify(toolList.tools));

  ok(tokens <= 700, `${tokens} tokens`);
  deepStrictEqual(toolList.tools.map(({ name }) => name), ["search", "execute", "wait"]);
  ok(toolList.tools.every(({ outputSchema }) => outputSchema === undefined));
});

Deno.test("toolList refuses further arguments in each schema", () => {
  for (const { inputSchema } of toolList.tools) {
    strictEqual(inputSchema.type, "object");
    strictEqual(inputSchema.additionalProperties, false);
  }
});

Deno.test("executeArguments takes any JSON as input up to a depth of 64", () => {
  const nested = (depth: number): unknown => depth === 0 ? 1 : [nested(depth - 1)];
  const accepts = (input: unknown) => executeArguments.safeParse({ code: "", input }).success;

  deepStrictEqual([null, 0, "", [], {}, nested(64)].map(accepts), Array(6).fill(true));
  strictEqual(accepts(nested(65)), false);
});
