import { deepStrictEqual, ok, strictEqual } from "assert";
import type { RunReport } from "../../src/runs/report.ts";
import type { Attack } from "./attack.ts";
import { delay } from "./delay.ts";
import { childrenOf, hasProcessTable, processState } from "./process_table.ts";
import { reachAttacks } from "./reach_attacks.ts";
import { realmAttacks } from "./realm_attacks.ts";
import { floodAttacks, lateAttacks, memoryAttacks, timeAttacks } from "./resource_attacks.ts";
import { keys, serveAirlock, type ServedAirlock } from "./served_airlock.ts";
import { until } from "./until.ts";
import { parserAttacks, valueAttacks } from "./value_attacks.ts";

/** Attacks at a time: with the neighbour's run, more than this machine may have cores. */
const atOnce = 3;
const maxGrowthMb = 100;
const limits = { timeoutMs: 20_000, memoryMb: 192 };
const warm = 1;
const maxConcurrent = 6;

const groups: Record<string, Attack[]> = {
  "what is outside": reachAttacks,
  "the realm": realmAttacks,
  "values": valueAttacks,
  "the parser": parserAttacks,
  "time": timeAttacks,
  "memory": memoryAttacks,
  "the pipes": floodAttacks,
  "the end of a run": lateAttacks,
};

Deno.test("hostile code loses through the HTTP API, and nobody else notices", async (t) => {
  await using airlock = await serveAirlock({ limits, sandbox: { warm, maxConcurrent } });
  // A server that works has compiled what it needs: that is not what a bomb makes it grow by.
  await inParallel(Array.from({ length: 24 }, (_, n) => n), async (n) => {
    const code = `console.log("x".repeat(60_000)); return "y".repeat(${n % 4 === 0 ? 900_000 : 1})`;
    return await airlock.run(keys.neighbour, code);
  });
  const watch = watchServer(airlock);

  for (const [target, attacks] of Object.entries(groups)) {
    await t.step(`attacks on ${target} end as they must`, async () => {
      const ends = await inParallel(attacks, (attack) => endOf(airlock, attack));
      deepStrictEqual(ends, attacks.map(expectedEnd));
    });
  }

  const { healthy, unhealthy, neighbours, peakMb } = await watch.stop();
  await t.step("the neighbour's runs all succeeded", () => {
    ok(neighbours.length > 0);
    deepStrictEqual(new Set(neighbours), new Set(["succeeded"]));
  });
  await t.step("the server answered every health check", () => {
    ok(healthy > 0);
    strictEqual(unhealthy, 0);
  });
  await t.step({
    name: "the server did not grow",
    ignore: !hasProcessTable,
    fn: () => ok(peakMb - watch.firstMb < maxGrowthMb, `from ${watch.firstMb} to ${peakMb} MB`),
  });
  await t.step({
    name: "no process is left at work",
    ignore: !hasProcessTable,
    fn: async () => {
      await until("all hosts stand still", standStill(airlock.pid));
      ok(childrenOf(airlock.pid).length <= warm + maxConcurrent);
    },
  });
});

/** Says whether the children of a process have used no CPU time since it was last asked. */
function standStill(pid: number): () => boolean {
  let last = "";
  return () => {
    const now = childrenOf(pid).map((child) => `${child.pid}: ${child.cpuMs}`).join();
    const stands = now === last;
    last = now;
    return stands;
  };
}

/** How an attack ended, in the form of {@linkcode expectedEnd}. */
async function endOf(airlock: ServedAirlock, attack: Attack): Promise<object> {
  const report = await airlock.run(keys.attacker, attack.code, { timeoutMs: attack.timeoutMs });
  const wins = report.logs.filter(({ text }) => /^(ESCAPED|HARM)/.test(text));
  const receipts = attack.receipts === undefined
    ? undefined
    : (await airlock.receipts(keys.attacker, report.id)).length;
  const kept = attack.receipts === undefined ? undefined : report.logs[0]?.text;
  return { ...endFields(attack.name, report), wins, receipts, kept };
}

function endFields(name: string, { status, error }: RunReport): object {
  return { name, status, error: error?.code };
}

function expectedEnd({ name, status, error, receipts }: Attack): object {
  const kept = receipts === undefined ? undefined : "kept";
  return { name, status, error, wins: [], receipts, kept };
}

/** Looks at the server and runs a neighbour's code, again and again until it is stopped. */
function watchServer(airlock: ServedAirlock) {
  const firstMb = residentMb(airlock);
  const seen = { healthy: 0, unhealthy: 0, neighbours: [] as string[], peakMb: firstMb };
  let isOver = false;
  const health = async () => {
    while (!isOver) {
      const response = await fetch(`${airlock.url}/healthz`);
      await response.body?.cancel();
      if (response.ok) seen.healthy++;
      else seen.unhealthy++;
      seen.peakMb = Math.max(seen.peakMb, residentMb(airlock));
      await delay(50);
    }
  };
  const neighbour = async () => {
    while (!isOver) {
      const code = `await memory.set("n", 1);\nreturn [1, 2, 3].map((n) => n * 2);`;
      seen.neighbours.push((await airlock.run(keys.neighbour, code)).status);
      await delay(100);
    }
  };
  const watching = Promise.all([health(), neighbour()]);
  return {
    firstMb,
    async stop() {
      isOver = true;
      await watching;
      return seen;
    },
  };
}

function residentMb({ pid }: ServedAirlock): number {
  return Math.round(processState(pid)?.residentMb ?? 0);
}

/** All results in order, a few at a time. */
async function inParallel<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
