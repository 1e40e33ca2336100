import { deepStrictEqual } from "assert";
import { IdleWatch } from "../../src/sandbox/idle_watch.ts";
import { until } from "../attacks/until.ts";

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "IdleWatch tells once of a process that computes while it is idle, and of no other",
  ignore: !isLinux,
  fn: async () => {
    await using busy = startSleeping("for (;;);");
    await using still = startSleeping("await new Promise(() => setTimeout(() => {}, 1e6));");
    const told: string[] = [];
    const watch = new IdleWatch({ pauseMs: 10, maxCpuMs: 400 });

    using _busy = watch.watch(busy.pid, 10_000, () => told.push("busy"));
    using _still = watch.watch(still.pid, 10_000, () => told.push("still"));
    await until("it was told", () => told.length > 0);

    deepStrictEqual(told, ["busy"]);
  },
});

Deno.test({
  name: "IdleWatch tells of a process that is larger than it may be",
  ignore: !isLinux,
  fn: async () => {
    await using process = startSleeping("await new Promise(() => setTimeout(() => {}, 1e6));");
    const told: string[] = [];
    const watch = new IdleWatch({ pauseMs: 10 });

    using _watch = watch.watch(process.pid, 1, () => told.push("large"));
    await until("it was told", () => told.length > 0);

    deepStrictEqual(told, ["large"]);
  },
});

Deno.test("IdleWatch leaves no timer when nothing is watched any more", () => {
  const watch = new IdleWatch({ pauseMs: 10 });

  // The sanitizers see a timer that is left.
  watch.watch(Deno.pid, 10_000, () => {})[Symbol.dispose]();
  watch.watch(undefined, 10_000, () => {})[Symbol.dispose]();
});

function startSleeping(code: string): AsyncDisposable & { pid: number } {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
