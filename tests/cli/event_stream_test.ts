import { deepStrictEqual } from "assert";
import fc from "fast-check";
import { readRunEvents } from "../../src/cli/event_stream.ts";
import { makeReport } from "../mcp_server/fake_runs.ts";

const events = [
  { id: 1, event: "log", data: { level: "warn", text: "a\nb: c\u2028", ms: 1 } },
  { id: 2, event: "progress", data: { done: 1 } },
  { id: 3, event: "end", data: makeReport({ result: "ü😀" }) },
];

Deno.test("readRunEvents() reads events however they are cut and their lines end", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
    fc.constantFrom("\n", "\r\n"),
    async (sizes, lineEnd) => {
      const text = `: hi\n\n${events.map(format).join("")}`.replaceAll("\n", lineEnd);
      deepStrictEqual(await Array.fromAsync(readRunEvents(cut(text, sizes))), events);
    },
  ));
});

Deno.test("readRunEvents() leaves out what it does not understand", async () => {
  const text = [
    "id: 1\nevent: log\ndata: {broken\n\n",
    "id: x\nevent: progress\ndata: {}\n\n",
    'id: 7\nevent: future\ndata: {"a":1}\n\n',
    "data\n\n\n\n",
    format(events[1]),
    'id: 9\nevent: progress\ndata: {"done":2}',
  ].join("");

  deepStrictEqual(await Array.fromAsync(readRunEvents(cut(text, [1000]))), [events[1]]);
});

Deno.test("readRunEvents() joins data that came in several lines", async () => {
  const text = 'id: 2\nevent: progress\ndata: {"done":\ndata: 1}\n\n';

  deepStrictEqual(await Array.fromAsync(readRunEvents(cut(text, [5]))), [events[1]]);
});

function format({ id, event, data }: { id: number; event: string; data: unknown }): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The bytes of a text in chunks of these sizes, over and over. */
function cut(text: string, sizes: number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]) {
    chunks.push(bytes.slice(at, at + sizes[i % sizes.length]));
  }
  return ReadableStream.from(chunks);
}
