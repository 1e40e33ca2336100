import { deepStrictEqual, strictEqual } from "assert";
import type { HostMessage } from "../../src/protocol/messages.ts";
import { startWorkerHost } from "../../src/sandbox/worker_host.ts";

const limits = {
  calls: 5,
  callsInFlight: 5,
  argumentBytes: 1_000,
  logBytes: 1_000,
  resultBytes: 1_000,
};

Deno.test("startWorkerHost() carries runs out without a process of its own", async () => {
  const host = startWorkerHost({ maxFrameBytes: 100_000, fresh: "realm" });
  const seen: HostMessage[] = [];
  const idle = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  host.listener = {
    message(message) {
      if (message.type !== "idle") return void seen.push(message);
      (seen.length === 0 ? idle : again).resolve();
    },
  };

  await idle.promise;
  host.run({ code: "return typeof Deno", namespaces: [], limits });
  await again.promise;
  host.kill();

  deepStrictEqual(seen.map(({ type }) => type), ["prepared", "done", "closed"]);
  strictEqual(seen[1].type === "done" && seen[1].result, "undefined");
  strictEqual((await host.exit).brokeProtocol, false);
  strictEqual(host.pid, undefined);
});
