import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { unwrapAnswer } from "../../src/mcp/unwrap_answer.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";

Deno.test("unwrapAnswer() prefers structured content, with or without a promised schema", () => {
  const result = { structuredContent: { a: 1 }, content: [text('{"b":2}')] };

  deepStrictEqual(unwrapAnswer(result), { a: 1 });
});

Deno.test("unwrapAnswer() parses one text block where it is JSON, else gives the text", () => {
  deepStrictEqual(unwrapAnswer({ content: [text('[1,{"a":null}]')] }), [1, { a: null }]);
  strictEqual(unwrapAnswer({ content: [text("[not json")] }), "[not json");
  strictEqual(unwrapAnswer({ content: [text("42")] }), 42);
});

Deno.test("unwrapAnswer() keeps a number as text where reading it would lose digits", () => {
  strictEqual(unwrapAnswer({ content: [text("12345678901234567890")] }), "12345678901234567890");
});

Deno.test("unwrapAnswer() keeps JSON text that is nested too deep as text", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);

  strictEqual(unwrapAnswer({ content: [text(deep)] }), deep);
});

Deno.test("unwrapAnswer() gives several blocks, and blocks that are not text, as a list", () => {
  const image = { type: "image", data: "AA==", mimeType: "image/png" };

  deepStrictEqual(unwrapAnswer({ content: [image] }), [image]);
  deepStrictEqual(unwrapAnswer({ content: [text("1"), text("2")] }), [text("1"), text("2")]);
});

Deno.test("unwrapAnswer() gives null where there is nothing", () => {
  strictEqual(unwrapAnswer({ content: [] }), null);
  strictEqual(unwrapAnswer({}), null);
});

Deno.test("unwrapAnswer() throws the tool's own words where it failed", () => {
  const result = { isError: true, structuredContent: {}, content: [text("no"), text("money")] };

  throws(() => unwrapAnswer(result), refusal("failed", "no\nmoney"));
  throws(
    () => unwrapAnswer({ isError: true, content: [] }),
    refusal("failed", "the tool failed and does not say why"),
  );
});

Deno.test("unwrapAnswer() refuses what is not a result, and structured content that is too deep", () => {
  const deep: unknown = JSON.parse("[".repeat(65) + "]".repeat(65));

  throws(() => unwrapAnswer({ content: 5 }), refusal("refused", "its answer is not a tool result"));
  throws(
    () => unwrapAnswer({ structuredContent: deep }),
    refusal("refused", "its answer is nested deeper than 64"),
  );
});

Deno.test("unwrapAnswer() gives any JSON that one text block holds", () => {
  const json = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value));
  fc.assert(fc.property(json, (written) => {
    deepStrictEqual(unwrapAnswer({ content: [text(written)] }), JSON.parse(written));
  }));
});

function text(words: string): { type: "text"; text: string } {
  return { type: "text", text: words };
}

function refusal(kind: string, message: string): (error: unknown) => boolean {
  return (error) => {
    deepStrictEqual(error instanceof UpstreamError && [error.kind, error.message], [kind, message]);
    return true;
  };
}
