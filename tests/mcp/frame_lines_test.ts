import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { failedFrame, FrameLines } from "../../src/mcp/frame_lines.ts";
import type { FrameLinesOptions } from "../../src/mcp/frame_lines.ts";

Deno.test("FrameLines gives the same lines however the bytes are cut", async () => {
  const lines = fc.array(
    fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, "")),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (lines, step) => {
      const text = lines.map((line) => line + "\n").join("");

      deepStrictEqual(await read(text, step), lines.map((line) => line.toWellFormed()));
    }),
    { numRuns: 50 },
  );
});

Deno.test("FrameLines gives a last line without its end, and drops carriage returns", async () => {
  deepStrictEqual(await read("a\r\n\nb", 2), ["a", "", "b"]);
});

Deno.test("FrameLines puts an error in the place of a frame that is too long", async () => {
  const filler = "x".repeat(5000);
  const text = [
    `{"jsonrpc":"2.0","id":7,"result":{"t":"${filler}"}}`,
    `{"result":{"t":"${filler}"},"jsonrpc":"2.0","id":8}`,
    `{"result":{"id":9,"t":"${filler}"}}`,
    `{"ok":1}`,
  ].join("\n");

  const lines = await read(text, 999, { maxBytes: 1000 });

  deepStrictEqual(lines.map((line) => JSON.parse(line)), [
    tooLarge(7),
    tooLarge(8),
    { ok: 1 },
  ]);
});

Deno.test("FrameLines replaces only lines with the prefix", async () => {
  const text = `data: {"id":7,"result":"${"x".repeat(500)}"}\n: ${"comment".repeat(200)}\n\n`;

  const lines = await read(text, 64, { maxBytes: 100, prefix: "data:" });

  deepStrictEqual(lines, [`data:${JSON.stringify(tooLarge(7, 100))}`, ""]);
});

Deno.test("failedFrame() does not take the id of something inside for that of the request", () => {
  const head = '{"result":{"list":[{"id":5},';

  strictEqual(failedFrame(head, '{"id":6}]}}', "broken"), undefined);
});

async function read(text: string, step: number, options?: FrameLinesOptions): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from(
    { length: Math.ceil(bytes.length / step) },
    (_, i) => bytes.slice(i * step, (i + 1) * step),
  );
  return await Array.fromAsync(ReadableStream.from(chunks).pipeThrough(new FrameLines(options)));
}

function tooLarge(id: number, maxBytes: number = 1000): unknown {
  const message = `its answer is larger than ${maxBytes} bytes`;
  return { jsonrpc: "2.0", id, error: { code: -32092, message } };
}
