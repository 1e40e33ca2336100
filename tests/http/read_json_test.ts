import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import fc from "fast-check";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { readJson } from "../../src/http/read_json.ts";

const action = "Cannot test";

Deno.test("readJson() reads any JSON back as it was sent", async () => {
  await fc.assert(fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
    const sent: unknown = JSON.parse(JSON.stringify(value));
    deepStrictEqual(await readJson(requestWith(JSON.stringify(value)), { action }), sent);
  }));
});

Deno.test("readJson() takes JSON with parameters in its type, and in several chunks", async () => {
  const chunks = ['{"a":"', "ä".repeat(10), '"}'].map((text) => new TextEncoder().encode(text));
  const request = requestWith(ReadableStream.from(chunks), "Application/JSON; charset=utf-8");

  deepStrictEqual(await readJson(request, { action }), { a: "ä".repeat(10) });
});

Deno.test("readJson() refuses other types, broken text, broken UTF-8 and deep nesting", async () => {
  const deep = "[".repeat(65) + "]".repeat(65);
  const cases: [BodyInit, string, RegExp][] = [
    ["{}", "text/plain", /Content-Type: application\/json/],
    ["{}", "application/jsonp", /Content-Type: application\/json/],
    ["", "application/json", /is not JSON/],
    ['{"a":', "application/json", /is not JSON/],
    [new Uint8Array([0x22, 0xff, 0x22]), "application/json", /is not UTF-8/],
    [deep, "application/json", /nested deeper than 64 levels/],
    ["[".repeat(60_000), "application/json", /nested deeper than 64 levels/],
  ];

  for (const [body, type, message] of cases) {
    await rejects(readJson(requestWith(body, type), { action }), (error) => {
      match(String(error), message);
      return error instanceof AirlockError && error.code === "invalid_request" &&
        error.issues.length === 1;
    });
  }
});

Deno.test("readJson() repeats nothing of a broken body", async () => {
  await rejects(readJson(requestWith('{"secret": hunter2}'), { action }), (error) => {
    strictEqual(String(error).includes("hunter2"), false);
    return true;
  });
});

Deno.test("readJson() stops reading at the bound and cancels the rest", async () => {
  let sent = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1_000;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel() {
      isCancelled = true;
    },
  });

  const reading = readJson(requestWith(endless), { action, maxBytes: 5_000 });

  await rejects(reading, { code: "too_large" });
  strictEqual(isCancelled, true);
  strictEqual(sent < 10_000, true);
});

Deno.test("readJson() refuses by Content-Length before it reads, and reads up to the bound", async () => {
  const text = JSON.stringify("x".repeat(98));
  const announced = new Request("http://localhost", {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": "101" },
    body: "{}",
  });

  await rejects(readJson(announced, { action, maxBytes: 100 }), { code: "too_large" });
  strictEqual(await readJson(requestWith(text), { action, maxBytes: 100 }), "x".repeat(98));
  await rejects(readJson(requestWith(text), { action, maxBytes: 99 }), { code: "too_large" });
});

Deno.test("readJson() calls a body that breaks off invalid", async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("the connection was reset"));
    },
  });

  await rejects(readJson(requestWith(broken), { action }), { code: "invalid_request" });
});

function requestWith(body: BodyInit, type = "application/json"): Request {
  return new Request("http://localhost", {
    method: "POST",
    headers: { "content-type": type },
    body,
  });
}
