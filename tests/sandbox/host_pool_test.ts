import { deepStrictEqual, rejects, strictEqual } from "assert";
import type { HostMessage } from "../../src/protocol/messages.ts";
import { defaultLimits } from "../../src/config/defaults.ts";
import { HostPool, type HostPoolOptions } from "../../src/sandbox/host_pool.ts";
import type { Host, HostExit } from "../../src/sandbox/host_process.ts";
import { until } from "../attacks/until.ts";
import type { SandboxListener, SandboxRun } from "../../src/sandbox/run_in_host.ts";

Deno.test("HostPool gives a principal the host it had before", async () => {
  await using hosts = startPool({ warm: 2 });

  await hosts.run("a");
  hosts.renewAll();
  await hosts.run("a");

  deepStrictEqual(hosts.runsOf, [2, 0]);
});

Deno.test("HostPool never gives a host of one principal to another", async () => {
  await using hosts = startPool({ warm: 1, refillDelayMs: 0 });

  await hosts.run("a");
  hosts.renewAll();
  await hosts.run("b");

  deepStrictEqual(hosts.runsOf.slice(0, 2), [1, 1]);
});

Deno.test("HostPool lends a principal a free host while its own get ready", async () => {
  await using hosts = startPool({ warm: 2, maxRenewing: 2 });

  await hosts.run("a");
  await hosts.run("a");

  deepStrictEqual(hosts.runsOf, [1, 1]);
});

Deno.test("HostPool makes a principal wait once enough of its hosts get ready", async () => {
  await using hosts = startPool({ warm: 2, maxRenewing: 1 });

  await hosts.run("a");
  const second = hosts.run("a");
  hosts.renewAll();
  await second;

  deepStrictEqual(hosts.runsOf, [2, 0]);
});

Deno.test("HostPool starts what is missing one host after the other", async () => {
  await using hosts = startPool({ warm: 2, refillDelayMs: 0, startsReady: false });
  await hosts.becomeReady(0);
  await hosts.becomeReady(1);
  await Promise.all([hosts.run("a"), hosts.run("b")]);

  await hosts.started(3);
  const whileThirdStarts = hosts.size.hosts;
  await hosts.becomeReady(2);
  await hosts.started(4);

  deepStrictEqual([whileThirdStarts, hosts.size.hosts], [3, 4]);
});

Deno.test("HostPool gives up the oldest of the hosts that belong to somebody, not a free one", async () => {
  await using hosts = startPool({ warm: 2, maxIdle: 1, refillDelayMs: 60_000 });

  await hosts.run("a");
  await hosts.run("b");

  deepStrictEqual(hosts.killed, [0]);
  strictEqual(hosts.size.idle, 1);
});

Deno.test("HostPool uses no host more often than it may", async () => {
  await using hosts = startPool({ warm: 1, reuse: 0, refillDelayMs: 0 });

  await hosts.run("a");
  await hosts.run("a");

  deepStrictEqual([hosts.runsOf.slice(0, 2), hosts.killed.slice(0, 1)], [[1, 1], [0]]);
});

Deno.test("HostPool gives no run to a host that it has killed, whatever is still in its pipe", async () => {
  await using hosts = startPool({ warm: 1, refillDelayMs: 60_000 });
  await hosts.run("a");
  hosts.renewAll();

  hosts.say(0, { type: "prepared" }, { type: "closed" }, { type: "idle" });
  await hosts.run("a");

  deepStrictEqual(hosts.killed, [0]);
  deepStrictEqual(hosts.runsOf, [1, 1]);
});

Deno.test({
  name: "HostPool ends an idle host that uses what only a run may",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const maxIdleMb = Deno.memoryUsage().rss / 1_048_576 + 60;
    await using hosts = startPool({ warm: 1, maxIdleMb, idleLookMs: 10, pid: Deno.pid });
    await hosts.run("a");
    hosts.renewAll();
    const killedBefore = [...hosts.killed];

    const filler = new Uint8Array(120 << 20).fill(1);
    await until("the host is killed", () => hosts.killed.length > 0);

    deepStrictEqual([killedBefore, hosts.killed, filler.at(-1)], [[], [0], 1]);
  },
});

Deno.test("HostPool says so where no host can be started", async () => {
  await using hosts = startPool({ warm: 0, startsReady: false, startsDead: true });

  await rejects(hosts.run("a"), { code: "sandbox_crashed" });
});

interface FakePoolOptions extends Partial<HostPoolOptions> {
  /** Hosts say `idle` at once. @default {true} */
  startsReady?: boolean;
  /** Hosts end at once. @default {false} */
  startsDead?: boolean;
  /** The process that hosts say they are. @default {none} */
  pid?: number;
}

/** A pool of hosts that carry out a run at once, and renew themselves when they are told to. */
function startPool(options: FakePoolOptions) {
  const { startsReady = true, startsDead = false, pid, ...pool } = options;
  const hosts: FakeHost[] = [];
  const counts = new Map<number, PromiseWithResolvers<void>>();
  const startedOf = (count: number) => {
    const found = counts.get(count) ?? Promise.withResolvers<void>();
    counts.set(count, found);
    return found;
  };
  const start = () => {
    const host = new FakeHost(startsReady, pid);
    hosts.push(host);
    if (startsDead) queueMicrotask(() => host.kill());
    startedOf(hosts.length).resolve();
    return host;
  };
  const made = new HostPool({ start }, {
    warm: 1,
    maxIdle: 8,
    reuse: 8,
    maxIdleMb: 1_000,
    ...pool,
  });
  return {
    get runsOf() {
      return hosts.map(({ runs }) => runs);
    },
    get killed() {
      return hosts.flatMap(({ isAlive }, index) => isAlive ? [] : [index]);
    },
    get size() {
      return made.size;
    },
    run: (principal: string) => made.run(principal, trivialRun, deaf),
    renewAll: () => hosts.forEach((host) => host.renew()),
    async becomeReady(index: number) {
      hosts[index].listener.message({ type: "idle" });
      await Promise.resolve();
    },
    say: (index: number, ...messages: HostMessage[]) =>
      messages.forEach((message) => hosts[index].listener.message(message)),
    started: (count: number) => startedOf(count).promise,
    [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
  };
}

class FakeHost implements Host {
  readonly exit: Promise<HostExit>;
  runs = 0;
  isAlive = true;
  readonly #exited = Promise.withResolvers<HostExit>();
  #listener: Host["listener"] | undefined;
  #mustRenew = false;

  constructor(readonly startsReady: boolean, readonly pid?: number) {
    this.exit = this.#exited.promise;
  }

  get listener(): Host["listener"] {
    return this.#listener ?? { message: () => {} };
  }

  set listener(listener: Host["listener"]) {
    const isFirst = this.#listener === undefined;
    this.#listener = listener;
    if (isFirst && this.startsReady) queueMicrotask(() => listener.message({ type: "idle" }));
  }

  run(): void {
    this.runs++;
    queueMicrotask(() => {
      this.listener.message({ type: "done", logBytes: 0 });
      this.listener.message({ type: "closed" });
      this.#mustRenew = true;
    });
  }

  renew(): void {
    if (this.#mustRenew) this.listener.message({ type: "idle" });
    this.#mustRenew = false;
  }

  answer(): void {}

  fire() {}

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    const exit = { code: 137, isOutOfMemory: false, brokeProtocol: false };
    this.listener.exited?.(exit);
    this.#exited.resolve(exit);
  }
}

const trivialRun: SandboxRun = {
  code: "",
  namespaces: [],
  limits: { ...defaultLimits },
  signal: new AbortController().signal,
};

const deaf: SandboxListener = {
  timer: () => Promise.resolve(0),
  begun: () => {},
  log: () => {},
  progress: () => {},
  emit: () => {},
  call: () => Promise.resolve({ type: "tool_result", json: "null" }),
  query: () => Promise.resolve({ type: "tool_result", json: "null" }),
};
