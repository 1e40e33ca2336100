import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import { eventStream } from "../../src/http/event_stream.ts";
import { configureLog } from "../../src/log/log.ts";
import type { RunEvent } from "../../src/runs/report.ts";
import { makeReport } from "./fake_deps.ts";

const log: RunEvent = { id: 1, event: "log", data: { level: "log", text: "a\r\nb", ms: 1 } };
const end: RunEvent = { id: 2, event: "end", data: makeReport() };

Deno.test("eventStream() writes each event with its id on lines of its own, then ends", async () => {
  const stream = eventStream(iterate([log, end]), { leaving: new AbortController() });

  const text = await new Response(stream).text();

  const frames = text.split("\n\n");
  deepStrictEqual(frames.slice(0, 2), [
    ": events",
    'id: 1\nevent: log\ndata: {"level":"log","text":"a\\r\\nb","ms":1}',
  ]);
  match(frames[2], /^id: 2\nevent: end\ndata: \{"id":"run_1",/);
  strictEqual(frames.length, 4);
});

Deno.test("eventStream() sends comments while nothing happens", async () => {
  const leaving = new AbortController();
  const stream = eventStream(waitFor(leaving.signal), { leaving, heartbeatMs: 1 });
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();

  const texts = [await reader.read(), await reader.read(), await reader.read()];
  await reader.cancel();

  deepStrictEqual(texts.map(({ value }) => value), [": events\n\n", ":\n\n", ":\n\n"]);
});

Deno.test("eventStream() fires the signal and returns the iterator when the client leaves", async () => {
  const leaving = new AbortController();
  let isReturned = false;
  const events = (async function* () {
    try {
      yield* waitFor(leaving.signal);
    } finally {
      isReturned = true;
    }
  })();
  const reader = eventStream(events, { leaving }).getReader();
  await reader.read();

  await reader.cancel();

  deepStrictEqual([leaving.signal.aborted, isReturned], [true, true]);
});

Deno.test("eventStream() breaks off without words where the events fail", async () => {
  configureLog({ sink: () => {} });
  const failing = (async function* (): AsyncGenerator<RunEvent> {
    yield log;
    await Promise.reject(new Error("/srv/secret"));
  })();

  const reading = new Response(eventStream(failing, { leaving: new AbortController() })).text();

  await rejects(reading, (error) => !String(error).includes("secret"));
});

async function* iterate(events: RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events;
  await Promise.resolve();
}

/** Gives nothing until the signal fires. */
async function* waitFor(signal: AbortSignal): AsyncGenerator<RunEvent> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  yield* [];
}
