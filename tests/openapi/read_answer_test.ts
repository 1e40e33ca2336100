import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { readAnswer } from "../../src/openapi/read_answer.ts";

Deno.test("readAnswer() gives JSON, text, nothing, or a content block", async () => {
  const cases: [BodyInit | null, string, unknown][] = [
    ['{"a":[1]}', "application/json; charset=utf-8", { a: [1] }],
    ["[2]", "application/vnd.api+json", [2]],
    ["no json", "application/json", "no json"],
    ["a,b", "text/csv", "a,b"],
    ["<a/>", "application/atom+xml", "<a/>"],
    ["plain", "", "plain"],
    [null, "application/json", null],
    ["", "text/plain", null],
    [new Uint8Array([0, 255]), "image/png", [{
      type: "image",
      mimeType: "image/png",
      data: "AP8=",
    }]],
    [new Uint8Array([0, 255]), "", [{
      type: "resource",
      resource: { uri: "airlock:answer", mimeType: "application/octet-stream", blob: "AP8=" },
    }]],
  ];
  for (const [body, type, value] of cases) {
    const response = new Response(body, { headers: { "content-type": type } });
    deepStrictEqual(await readAnswer(response, 1_000), value);
  }
  strictEqual(await readAnswer(new Response(null, { status: 204 }), 1_000), null);
});

Deno.test("readAnswer() refuses what is too large or too deep", async () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);

  await rejects(readAnswer(new Response("x".repeat(101)), 100), {
    message: "its answer is larger than 100 bytes",
  });
  await rejects(readAnswer(json(deep), 1_000_000), {
    message: "its answer is nested deeper than 64",
  });
});

Deno.test("readAnswer() fails with the status and the first words of the server", async () => {
  const words = Response.json({ message: "Validation Failed" }, { status: 422 });
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(1000))),
  });

  await rejects(readAnswer(words, 1_000), {
    kind: "failed",
    message: 'HTTP status 422: {"message":"Validation Failed"}',
  });
  await rejects(readAnswer(new Response(null, { status: 500 }), 1_000), {
    message: "HTTP status 500",
  });
  await rejects(readAnswer(new Response(endless, { status: 400 }), 1_000), (error: Error) => {
    ok(error.message.length < 2_100);
    return true;
  });
});

function json(body: string): Response {
  return new Response(body, { headers: { "content-type": "application/json" } });
}
