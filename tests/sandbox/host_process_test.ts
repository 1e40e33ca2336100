import { deepStrictEqual, notStrictEqual, strictEqual } from "assert";
import { join } from "node:path";
import { startRealHost } from "./real_host.ts";

const limits = {
  calls: 5,
  callsInFlight: 5,
  argumentBytes: 1_000,
  logBytes: 1_000,
  resultBytes: 1_000,
};
const namespaces = [{
  name: "shop",
  server: "shop",
  tools: [{ member: "reviews", tool: "reviews" }],
}];

Deno.test("startHost() starts a host that carries runs out, one after the other", async () => {
  await using real = await startRealHost();
  await real.until("idle");

  real.host.run({ code: "console.log(input); return input + 1", input: "1", namespaces, limits });
  const first = await real.until("idle");
  real.host.run({ code: "throw new RangeError('no')", namespaces, limits });
  const second = await real.until("failed");

  deepStrictEqual(first.map(({ type }) => type), ["prepared", "log", "done", "closed", "idle"]);
  const [, log, done] = first;
  strictEqual(log.type === "log" && log.text, "1");
  strictEqual(done.type === "done" && done.result, 2);
  const [, failed] = second;
  strictEqual(failed.type === "failed" && failed.fault.name, "RangeError");
});

Deno.test("Host.answer() reaches the call that it is for, value or fault", async () => {
  await using real = await startRealHost();
  await real.until("idle");
  const code = `const all = await Promise.allSettled([shop.reviews({ id: 1 }), shop.reviews({})]);
    return all.map(({ value, reason }) => value ?? [reason.code, reason.message])`;

  real.host.run({ code, namespaces, limits });
  const [first] = (await real.until("tool_call")).slice(-1);
  const [second] = (await real.until("tool_call")).slice(-1);
  if (first.type !== "tool_call" || second.type !== "tool_call") throw new TypeError("No calls");
  const fault = { code: "tool_denied", message: "no" };
  real.host.answer(second.callId, { type: "tool_error", fault });
  real.host.answer(first.callId, { type: "tool_result", json: '{"stars":5}' });
  const [done] = (await real.until("done")).slice(-1);

  deepStrictEqual([first.tool, first.args], ["shop.reviews", { id: 1 }]);
  deepStrictEqual(done.type === "done" && done.result, [{ stars: 5 }, ["tool_denied", "no"]]);
});

Deno.test("Host.kill() ends a host that is busy, and takes no harm from what is said to it after", async () => {
  await using real = await startRealHost();
  await real.until("idle");
  real.host.run({ code: "for (;;);", namespaces, limits });
  await real.until("prepared");

  real.host.kill();
  const exit = await real.host.exit;
  real.host.kill();
  real.host.answer(1, { type: "tool_result", json: "1" });

  deepStrictEqual(exit, { code: 137, isOutOfMemory: false, brokeProtocol: false });
});

Deno.test("Host.exit tells that the heap was full", async () => {
  await using real = await startRealHost({ heapMb: 24 });
  await real.until("idle");

  real.host.run({
    code: "const kept = []; for (;;) kept.push(Array(100_000).fill({}));",
    namespaces,
    limits,
  });
  const { code, ...exit } = await real.host.exit;

  deepStrictEqual(exit, { isOutOfMemory: true, brokeProtocol: false });
  notStrictEqual(code, 0);
});

Deno.test("Host.exit tells of a host that said what the protocol does not know", async () => {
  const script = `const body = new TextEncoder().encode('{"type":"hello"}');
    Deno.stdout.writeSync(new Uint8Array([0, 0, 0, body.length, ...body]));
    await new Promise((resolve) => setTimeout(resolve, 1e6));`;
  await using real = await startRealHost({ script });

  deepStrictEqual(await real.host.exit, { code: 137, isOutOfMemory: false, brokeProtocol: true });
});

Deno.test("Host keeps the end of what it says on standard error, and no more", async () => {
  const say = (first: string, last: string) =>
    `const say = (text) => {
      const bytes = new TextEncoder().encode(text);
      for (let n = 0; n < bytes.length;) n += Deno.stderr.writeSync(bytes.subarray(n));
    };
    say("${first}"); say("x".repeat(1 << 20)); say("${last}"); Deno.exit(7);`;
  await using early = await startRealHost({ script: say("heap limit", "") });
  await using late = await startRealHost({ script: say("", "heap limit") });

  deepStrictEqual(await early.host.exit, { code: 7, isOutOfMemory: false, brokeProtocol: false });
  deepStrictEqual(await late.host.exit, { code: 7, isOutOfMemory: true, brokeProtocol: false });
});

Deno.test({
  name: "startHost() gives a process its own environment and folder, and nothing else of either",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using real = await startRealHost();
    await real.until("idle");

    const environment = await Deno.readTextFile(`/proc/${real.host.pid}/environ`);
    const folder = await Deno.readLink(`/proc/${real.host.pid}/cwd`);

    deepStrictEqual(environment.split("\0").filter(Boolean).sort(), [
      `DENO_DIR=${join(real.folder, "deno")}`,
      "NO_COLOR=1",
      "TZ=UTC",
    ]);
    strictEqual(folder, await Deno.realPath(real.folder));
  },
});
