import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { verifyReceipts } from "../../src/receipts/verify_receipts.ts";
import type { RunReport } from "../../src/runs/report.ts";
import { startServer, type TestServer } from "./start_server.ts";

/** What a run must come to; a message is held against a pattern. */
interface Expected {
  status?: RunReport["status"];
  result?: unknown;
  code?: string;
  message?: RegExp;
  place?: [line: number, column: number];
  logs?: string[];
}

const cases: [name: string, code: string, expected: Expected][] = [
  ["empty code", "", {}],
  ["a value", "return { a: [1, 'ü', null] }", { result: { a: [1, "ü", null] } }],
  ["a syntax error", "const x = 1;\nlet y = ;", failed("syntax_error", /Expression/, [2, 9])],
  ["deep nesting", "[".repeat(10_000), failed("syntax_error", /nested too deep/)],
  ["a static import", "import x from 'npm:x'", failed("syntax_error", /import/, [1, 1])],
  ["a dynamic import", "await import('node:fs')", failed("thrown", /import/, [1, 1])],
  ["a thrown text", "throw 'no'", failed("thrown", /^no$/)],
  ["a thrown null", "throw null", failed("thrown", /^null$/)],
  ["a thrown object", "throw { a: 1 }", failed("thrown", /\{ a: 1 \}/)],
  [
    "an error in TypeScript",
    "enum A { B }\nconst a: A = A.B;\nthrow new RangeError(`${a}`)",
    failed("thrown", /^0$/, [3, 7]),
  ],
  [
    "an error whose stack lies",
    "const e = new Error('x'); e.stack = 5; throw e",
    failed("thrown", /^x$/),
  ],
  [
    "an error with a getter that throws",
    "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })",
    failed("thrown", /cannot be read/),
  ],
  ["a cycle", "const a = {}; a.a = a; return a", failed("thrown", /circular/)],
  ["a BigInt", "return { a: 10n }", failed("thrown", /BigInt/)],
  ["a function", "return () => 1", failed("thrown", /a function is not JSON/)],
  ["a class instance", "return new (class A { x = 1 })()", { result: { x: 1 } }],
  ["a Proxy", "return new Proxy({ a: 1 }, {})", { result: { a: 1 } }],
  [
    "a Proxy that throws",
    "return new Proxy({}, { ownKeys() { throw new Error('trap') } })",
    failed("thrown", /^trap$/, [1, 42]),
  ],
  ["globalThis", "return typeof globalThis", { result: "object" }],
  ["a date", "return new Date(0)", { result: "1970-01-01T00:00:00.000Z" }],
  ["a namespace", "return [await shop === shop, typeof shop.then]", {
    result: [true, "undefined"],
  }],
  ["too large a result", "return 'x'.repeat(2e6)", failed("output_limit", /2000002 bytes/)],
  [
    "too deep a result",
    "let a = []; for (let i = 0; i < 1e4; i++) a = [a]; return a",
    failed("output_limit", /nested/),
  ],
  ["a tool", "return (await shop.top_products({ limit: 3 })).products.length", { result: 3 }],
  [
    "tools in parallel",
    "const { products } = await shop.top_products({ limit: 3 });\n" +
    "const all = await Promise.all(products.map((p) => shop.reviews({ id: p.id })));\n" +
    "return all.every(({ reviews }) => reviews.length > 0)",
    { result: true },
  ],
  ["tools by brackets", "return (await tools['shop']['product']({ id: 'p1' })).product.id", {
    result: "p1",
  }],
  ["tools by call", "return (await tools.call('shop.product', { id: 'p1' })).product.id", {
    result: "p1",
  }],
  ["a search for tools", "return (await tools.search('customer reviews', { limit: 1 }))[0].name", {
    result: "shop.reviews",
  }],
  ["a description", "return (await tools.describe('shop.reviews')).includes('function reviews')", {
    result: true,
  }],
  [
    "a failing tool that is caught",
    "try { await shop.flaky({ fail: true }) } catch (e) { return [e.name, e.tool, e.code, e instanceof ToolError] }",
    { result: ["ToolError", "shop.flaky", "tool_failed", true] },
  ],
  [
    "a failing tool that is not",
    "const a = 1;\nawait shop.flaky({ fail: true })",
    failed("tool_failed", /closed/, [2, 12]),
  ],
  [
    "an unknown tool",
    "await shop.top_product({})",
    failed("tool_unknown", /no such tool/, [1, 12]),
  ],
  [
    "arguments of the wrong type",
    "await shop.reviews({ id: 5 })",
    failed("invalid_arguments", /id/, [1, 12]),
  ],
  [
    "arguments that are missing",
    "await shop.reviews()",
    failed("invalid_arguments", /id/, [1, 12]),
  ],
  [
    "arguments that are no object",
    "await shop.reviews('p1')",
    failed("invalid_arguments", /one object/, [1, 12]),
  ],
  [
    "arguments that are not JSON",
    "await shop.reviews({ id: 1n })",
    failed("invalid_arguments", /BigInt/, [1, 12]),
  ],
  ["a ToolError of its own", "throw new ToolError('mine')", failed("thrown", /^mine$/, [1, 7])],
  [
    "too many calls",
    "for (let i = 0; i < 300; i++) await shop.product({ id: 'p1' })",
    failed("call_limit", /256/, [1, 42]),
  ],
  [
    "call on call past the limit",
    "for (;;) try { await shop.product({ id: 'p1' }) } catch {}",
    failed("call_limit", /256/),
  ],
  ["memory", "await memory.set('k', [1]); return memory.get('k')", { result: [1] }],
  ["logs of objects", "console.log({ a: { b: [1, 2] } }, 'x'); console.warn(new Map([[1, 2]]))", {
    logs: ["log: { a: { b: [ 1, 2 ] } } x", "warn: Map(1) { 1 => 2 }"],
  }],
  [
    "a timer that throws",
    "setTimeout(() => { throw new Error('late') }, 1); await sleep(5000)",
    failed("thrown", /^late$/, [1, 26]),
  ],
  ["input", "return input.n + 1", { result: 42 }],
];

Deno.test("POST /v1/runs gives each piece of code its honest end", async (t) => {
  await using server = await startServer();
  for (const [name, code, expected] of cases) {
    await t.step(name, async () => {
      const report = await server.run(code, { check: false, input: { n: 41 } });

      const { status = "succeeded", result, message = /^/, place, logs } = expected;
      strictEqual(report.status, status, JSON.stringify(report.error));
      deepStrictEqual(report.result, result);
      strictEqual(report.error?.code, expected.code);
      match(report.error?.message ?? "", message);
      if (place !== undefined) deepStrictEqual([report.error?.line, report.error?.column], place);
      if (logs !== undefined) {
        deepStrictEqual(report.logs.map(({ level, text }) => `${level}: ${text}`), logs);
      }
    });
  }
  await t.step("and its hint", async () => {
    strictEqual(
      (await server.run("fetch('x')", { check: false })).error?.hint?.includes("network"),
      true,
    );
    match(
      (await server.run("await shop.top_product({})", { check: false })).error?.hint ?? "",
      /top_products/,
    );
  });
  await t.step("stops what does not end, and keeps what was done before", async () => {
    const report = await server.run(
      "console.log('before'); await shop.product({ id: 'p1' }); for (;;);",
      { timeoutMs: 700 },
    );

    strictEqual(report.status, "timed_out");
    deepStrictEqual(report.logs.map(({ text }) => text), ["before"]);
    deepStrictEqual(report.calls.map(({ tool, status }) => [tool, status]), [[
      "shop.product",
      "ok",
    ]]);
    strictEqual((await receipts(server, report.id)).length, 1);
  });
  await t.step("stops what takes too much memory", async () => {
    strictEqual(
      (await server.run("const a = []; for (;;) a.push(new Array(1e5).fill(1))")).status,
      "out_of_memory",
    );
  });
  await t.step("stops what takes too much CPU time", async () => {
    strictEqual((await server.run("for (;;);", { cpuMs: 200 })).error?.code, "cpu_limit");
  });
  await t.step("keeps the first of many logs, and says how many there were", async () => {
    const { logs, truncated, status } = await server.run(
      "for (let i = 0; i < 10000; i++) console.log('x'.repeat(99))",
      { logBytes: 1_000 },
    );

    strictEqual(status, "succeeded");
    strictEqual(logs.reduce((sum, { text }) => sum + text.length, 0), 1_000);
    ok((truncated?.logs ?? 0) >= 990_000);
  });
  await t.step("says unknown of calls that the end of the run cuts off", async () => {
    const report = await server.run("shop.slow_report({ ms: 60000 }); await sleep(300); return 1");

    strictEqual(report.result, 1);
    deepStrictEqual(report.calls.map(({ status }) => status), ["unknown"]);
  });
  await t.step("leaves a server that goes on", async () => {
    strictEqual((await fetch(`${server.url}/healthz`).then((r) => r.json())).status, "ok");
  });
});

Deno.test("POST /v1/runs refuses what is no run, in one clear sentence", async (t) => {
  await using server = await startServer();
  const refused: [name: string, body: unknown, status: number, code: string, detail: RegExp][] = [
    ["no JSON", "{", 400, "invalid_request", /not JSON/],
    ["no code", {}, 400, "invalid_request", /"code"/],
    ["an unknown key", { code: "", timeout: 1 }, 400, "invalid_request", /timeoutMs/],
    ["a limit above the configured one", { code: "", calls: 1e6 }, 400, "invalid_request", /calls/],
    ["a limit below one", { code: "", calls: 0 }, 400, "invalid_request", /calls/],
    ["1 MB of code", { code: "//" + "x".repeat(1 << 20) }, 413, "too_large", /at most 262144/],
  ];
  for (const [name, body, status, code, detail] of refused) {
    await t.step(name, async () => {
      const response = await server.post("/v1/runs", body);

      const problem = await response.json();
      deepStrictEqual([response.status, problem.code], [status, code]);
      match(problem.detail, detail);
    });
  }
});

Deno.test("Receipts of a run verify offline, and one that was changed is named", async () => {
  await using server = await startServer();
  const { id, calls } = await server.run(
    "await shop.product({ id: 'p1' });\n" +
      "await shop.flaky({ fail: true }).catch(() => {});\n" +
      "await shop.nope({}).catch(() => {});\n" +
      "await shop.reviews({ id: 5 }).catch(() => {});\n" +
      "await memory.set('k', 1);",
    { check: false },
  );
  const items = await receipts(server, id);
  const jwks = await fetch(`${server.url}/.well-known/jwks.json`).then((r) => r.json());

  deepStrictEqual(calls.map(({ status }) => status), ["ok", "failed", "denied", "denied", "ok"]);
  deepStrictEqual(items.map((item) => claims(item).outcome), [
    "ok",
    "failed",
    "denied",
    "denied",
    "ok",
  ]);
  deepStrictEqual(await verifyReceipts({ items }, jwks), { valid: true, count: 5 });
  const swapped = [items[0], items[2], items[1], ...items.slice(3)];
  const verdict = await verifyReceipts({ items: swapped }, jwks);
  strictEqual(!verdict.valid && verdict.index, 1);
});

Deno.test("A run goes on without its client, is followed by events, and can be cancelled", async () => {
  await using server = await startServer();
  const started = await server.post("/v1/runs", {
    code: "console.log('one'); await sleep(200); console.log('two'); return 3",
    wait: false,
  });
  const { id } = await started.json();
  const events = await fetch(`${server.url}/v1/runs/${id}/events`).then((r) => r.text());
  const late = await fetch(`${server.url}/v1/runs/${id}/events`, {
    headers: { "last-event-id": "2" },
  })
    .then((r) => r.text());
  const { id: endless } =
    await (await server.post("/v1/runs", { code: "await sleep(60000)", wait: false })).json();
  const cancelled = await (await server.post(`/v1/runs/${endless}/cancel`, {})).json();
  const again = await server.post(`/v1/runs/${endless}/cancel`, {});

  strictEqual(started.status, 202);
  deepStrictEqual([...events.matchAll(/^event: (\w+)/gm)].map(([, name]) => name), [
    "log",
    "log",
    "end",
  ]);
  deepStrictEqual([...late.matchAll(/^event: (\w+)/gm)].map(([, name]) => name), ["end"]);
  deepStrictEqual([cancelled.status, cancelled.error.code], ["cancelled", "cancelled"]);
  deepStrictEqual([again.status, (await again.json()).status], [200, "cancelled"]);
});

Deno.test("The same request under one idempotency key is one run, another one is refused", async () => {
  await using server = await startServer();
  const post = (code: string) => server.post("/v1/runs", { code }, { "idempotency-key": "k" });
  const [first, second] = await Promise.all(
    [post("return 1"), post("return 1")].map(async (r) => (await r).json()),
  );
  const other = await post("return 2");

  strictEqual(first.id, second.id);
  deepStrictEqual([other.status, (await other.json()).code], [422, "key_reused"]);
});

function failed(code: string, message: RegExp, place?: [number, number]): Expected {
  return { status: "failed", code, message, place };
}

async function receipts(server: TestServer, id: string): Promise<string[]> {
  return (await fetch(`${server.url}/v1/runs/${id}/receipts`).then((r) => r.json())).items;
}

function claims(receipt: string): { outcome: string } {
  return JSON.parse(atob(receipt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
}
