import { deepStrictEqual, doesNotMatch, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { createApp } from "../../src/http/create_app.ts";
import { configureLog } from "../../src/log/log.ts";
import { fakeDeps, fakeRuns } from "./fake_deps.ts";

Deno.test("problem() describes an AirlockError with its findings and hint", async () => {
  const error = new AirlockError("invalid_request", "Cannot do it: it is wrong", {
    issues: [{ path: "a", message: "is wrong" }],
    hint: "Do another thing",
  });

  const response = await answerTo(error);

  strictEqual(response.status, 400);
  strictEqual(response.headers.get("content-type"), "application/problem+json");
  deepStrictEqual(await response.json(), {
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    detail: "Cannot do it: it is wrong",
    code: "invalid_request",
    errors: [{ path: "a", message: "is wrong" }],
    hint: "Do another thing",
  });
});

Deno.test("problem() keeps an unexpected error to the log", async () => {
  const lines: string[] = [];
  configureLog({ format: "json", sink: (line) => lines.push(line) });

  const response = await answerTo(new Error("/srv/airlock token=abc"));
  const text = await response.text();
  configureLog({ sink: () => {} });

  strictEqual(response.status, 500);
  doesNotMatch(text, /srv|token|abc|stack/);
  strictEqual(lines.filter((line) => line.includes("/srv/airlock")).length, 1);
});

Deno.test("problem() says nothing of errors whose words are not for clients", async () => {
  configureLog({ sink: () => {} });

  const texts = await Promise.all(
    (["internal", "invalid_config"] as const).map(async (code) =>
      await (await answerTo(new AirlockError(code, "Cannot read /srv/airlock.json: no"))).text()
    ),
  );

  texts.forEach((text) => doesNotMatch(text, /srv/));
});

Deno.test("problem() tells at most 50 findings", async () => {
  const issues = Array.from({ length: 60 }, (_, i) => ({ path: `p${i}`, message: "is wrong" }));

  const response = await answerTo(new AirlockError("invalid_request", "Cannot", { issues }));

  strictEqual((await response.json()).errors.length, 50);
});

Deno.test("problem() sends Retry-After with a full queue, and a challenge without a key", async () => {
  const full = await answerTo(new AirlockError("queue_full", "Cannot start: full"));
  const unknown = await answerTo(new AirlockError("unauthorized", "Cannot serve: no key"));

  deepStrictEqual([full.status, full.headers.get("retry-after")], [429, "1"]);
  deepStrictEqual(
    [unknown.status, unknown.headers.get("www-authenticate")],
    [401, 'Bearer realm="airlock"'],
  );
});

/** What a route answers whose service throws this. */
async function answerTo(error: Error): Promise<Response> {
  const runs = fakeRuns({ report: () => Promise.reject(error) });
  return await createApp(fakeDeps({ runs })).request("/v1/runs/run_1");
}
