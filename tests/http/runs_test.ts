import { deepStrictEqual, match, strictEqual } from "assert";
import fc from "fast-check";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import type { Principal } from "../../src/grants/principal.ts";
import { createApp } from "../../src/http/create_app.ts";
import type { RunEvent } from "../../src/runs/report.ts";
import type { PageOptions, RunRequest, RunService } from "../../src/runs/run_service.ts";
import { fakeDeps, fakeRuns, makeReport, notFound, post } from "./fake_deps.ts";

Deno.test("runRoutes() answers 200 with the final report", async () => {
  const response = await appWith().request("/v1/runs", post({ code: "1" }));

  strictEqual(response.status, 200);
  deepStrictEqual(await response.json(), { ...makeReport({ result: "1" }) });
});

Deno.test("runRoutes() answers 202 where the run begins to wait for an approval", async () => {
  const waiting = makeReport({ status: "waiting" });
  const app = appWith({
    start: () =>
      Promise.resolve({ id: "run_1", report: () => waiting, settled: Promise.resolve(waiting) }),
  });

  const response = await app.request("/v1/runs", post({ code: "1" }));

  strictEqual(response.status, 202);
});

Deno.test("runRoutes() answers 202 at once without wait, while the run goes on", async () => {
  const report = makeReport({ status: "queued" });
  const never = new Promise<never>(() => {});
  const app = appWith({
    start: () => Promise.resolve({ id: "run_7", report: () => report, settled: never }),
  });

  const response = await app.request("/v1/runs", post({ code: "1", wait: false }));

  strictEqual(response.status, 202);
  strictEqual(response.headers.get("location"), "/v1/runs/run_7");
  deepStrictEqual(await response.json(), report);
});

Deno.test("runRoutes() passes on the whole request, the principal and the idempotency key", async () => {
  const seen: unknown[] = [];
  const fake = fakeRuns();
  const app = appWith({
    start: (...all) => {
      seen.push(...all);
      return fake.start(...all);
    },
  });
  const body = { code: "1", tools: ["shop.*"], input: null, check: false, durable: true, calls: 3 };

  await app.request("/v1/runs", post(body, { "idempotency-key": "k-1" }));

  const request: RunRequest = {
    code: "1",
    tools: ["shop.*"],
    input: null,
    check: false,
    durable: true,
    limits: { calls: 3 },
  };
  const principal: Principal = { name: "local", tools: ["*"] };
  deepStrictEqual(seen, [request, principal, { idempotencyKey: "k-1" }]);
});

Deno.test("runRoutes() names the path of each limit that is too large or no whole number", async () => {
  const body = { code: "1", timeoutMs: 30_001, calls: 0, memoryMb: 1.5, cpuMs: "1" };

  const response = await appWith().request("/v1/runs", post(body));

  strictEqual(response.status, 400);
  const { code, errors } = await response.json();
  strictEqual(code, "invalid_request");
  deepStrictEqual(
    errors.map((error: { path: string }) => error.path).sort(),
    ["calls", "cpuMs", "memoryMb", "timeoutMs"],
  );
});

Deno.test("runRoutes() takes limits up to the configured ones", async () => {
  const response = await appWith().request("/v1/runs", post({ code: "", timeoutMs: 30_000 }));

  strictEqual(response.status, 200);
});

Deno.test("runRoutes() names an unknown key and the one that was meant", async () => {
  const response = await appWith().request("/v1/runs", post({ code: "1", timeoutMS: 5 }));

  strictEqual(response.status, 400);
  const { errors, detail } = await response.json();
  strictEqual(errors[0].path, "timeoutMS");
  match(errors[0].message, /"timeoutMs"/);
  match(detail, /^Cannot start a run: "timeoutMS" /);
});

Deno.test("runRoutes() refuses an idempotency key that is not visible ASCII or too long", async () => {
  const keys = ["", "a b", "k".repeat(256)];

  const statuses = await Promise.all(keys.map(async (key) => {
    const response = await appWith().request(
      "/v1/runs",
      post({ code: "" }, { "idempotency-key": key }),
    );
    return response.status;
  }));

  deepStrictEqual(statuses, [400, 400, 400]);
});

Deno.test("runRoutes() passes page options on and refuses ones out of bounds", async () => {
  const seen: (PageOptions | undefined)[] = [];
  const app = appWith({
    list: (_principal, options) => {
      seen.push(options);
      return Promise.resolve({ items: [], cursor: "next" });
    },
  });
  const paths = ["?limit=2&cursor=abc", "", "?limit=0", "?limit=1001", "?limit=x"];

  const statuses = await Promise.all(
    paths.map(async (query) => (await app.request(`/v1/runs${query}`)).status),
  );

  deepStrictEqual(statuses, [200, 200, 400, 400, 400]);
  deepStrictEqual(seen, [{ limit: 2, cursor: "abc" }, {}]);
});

Deno.test("runRoutes() answers reports, cancels and receipts by id", async () => {
  const app = appWith();

  const report = await (await app.request("/v1/runs/run_1")).json();
  const cancelled = await (await app.request("/v1/runs/run_1/cancel", { method: "POST" })).json();
  const receipts = await (await app.request("/v1/runs/run_1/receipts")).json();

  strictEqual(report.id, "run_1");
  strictEqual(cancelled.status, "cancelled");
  deepStrictEqual(receipts, { items: ["e30.e30.c2ln"] });
});

Deno.test("runRoutes() answers 404 for another's run, and for what is no id without asking", async () => {
  const asked: string[] = [];
  const app = appWith({
    report: (id) => {
      asked.push(id);
      return Promise.reject(notFound());
    },
  });

  const paths = ["/v1/runs/run_2", `/v1/runs/${"x".repeat(4_000)}`, "/v1/runs/a%00b"];
  const statuses = await Promise.all(paths.map(async (path) => (await app.request(path)).status));

  deepStrictEqual(statuses, [404, 404, 404]);
  deepStrictEqual(asked, ["run_2"]);
});

Deno.test("runRoutes() follows a run from the event after the last one", async () => {
  const seen: number[] = [];
  const events: RunEvent[] = [
    { id: 5, event: "log", data: { level: "log", text: "two\nlines", ms: 1 } },
    { id: 6, event: "end", data: makeReport() },
  ];
  const app = appWith({
    events: (_id, _principal, after) => {
      seen.push(after);
      return Promise.resolve(iterate(events));
    },
  });

  const headers = { "last-event-id": "4" };
  const response = await app.request("/v1/runs/run_1/events", { headers });
  const text = await response.text();
  await (await app.request("/v1/runs/run_1/events?lastEventId=3")).text();
  await (await app.request("/v1/runs/run_1/events")).text();
  const refused = await app.request("/v1/runs/run_1/events?lastEventId=-1");

  strictEqual(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  match(text, /id: 5\nevent: log\ndata: \{"level":"log","text":"two\\nlines","ms":1\}\n\n/);
  match(text, /id: 6\nevent: end\ndata: \{.*\}\n\n$/);
  deepStrictEqual([seen, refused.status], [[4, 3, 0], 400]);
});

Deno.test("runRoutes() begins no stream on HEAD of events", async () => {
  let begun = false;
  const app = appWith({
    events: () => {
      begun = true;
      return Promise.resolve(iterate([]));
    },
  });

  const response = await app.request("/v1/runs/run_1/events", { method: "HEAD" });

  deepStrictEqual([response.status, response.body, begun], [200, null, false]);
});

Deno.test("runRoutes() answers a full queue with 429 and Retry-After", async () => {
  const app = appWith({
    start: () => {
      throw new AirlockError("queue_full", "Cannot start a run: the queue is full", {
        retryAfterSeconds: 2.2,
      });
    },
  });

  const response = await app.request("/v1/runs", post({ code: "" }));

  strictEqual(response.status, 429);
  strictEqual(response.headers.get("retry-after"), "3");
  strictEqual((await response.json()).code, "queue_full");
});

Deno.test("runRoutes() never answers 500, whatever the body", async () => {
  const app = appWith();
  const keys = fc.constantFrom("code", "tools", "input", "wait", "calls", "__proto__", "toString");
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(keys, fc.jsonValue(), { noNullPrototype: true }).map((value) =>
      JSON.stringify({ code: "", ...value })
    ),
  );

  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const response = await app.request("/v1/runs", post(text));
      await response.body?.cancel();
      strictEqual([200, 202, 400].includes(response.status), true, text);
    }),
    { numRuns: 300 },
  );
});

async function* iterate(events: RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events;
  await Promise.resolve();
}

function appWith(runs: Partial<RunService> = {}) {
  return createApp(fakeDeps({ runs: fakeRuns(runs) }));
}
