/** What hostile code costs those who run beside it. @module */

import { BenchServer } from "./bench_server.ts";
import {
  type Figure,
  hundredths,
  samplesFor,
  type Section,
  summarize,
  timeEach,
} from "./figure.ts";

/** Trivial runs of one principal, beside three idle ones and beside three hostile ones. */
export const neighboursSection: Section = {
  name: "neighbours",
  measure: async (effort) => {
    await using server = await BenchServer.start({ keys, limits: { timeoutMs: 2_000 } });
    const count = samplesFor(effort, 80);
    const idle = await measureBeside(server, count, {});
    const figures = [figureOf("idle ones", idle)];
    for (const [name, code] of Object.entries(attacks)) {
      const beside = await measureBeside(server, count, { [name]: code });
      figures.push(figureOf(`a ${name} one`, beside));
    }
    const beside = await measureBeside(server, count, attacks);
    figures.push(figureOf("all three of them", beside));
    return [
      ...figures,
      ratioOf("median", summarize(beside).value / summarize(idle).value),
      ratioOf("p99", summarize(beside).p99 / summarize(idle).p99),
    ];
  },
};

const attacks = {
  spinning: "while (true) {}",
  bombing: "const kept = []; while (true) kept.push(new Array(10_000).fill(Math.random()))",
  flooding: "while (true) console.log('x'.repeat(1_000))",
};
const idleCode = "await sleep(1_000)";
const attackers = ["spinning", "bombing", "flooding"];

const keys = [...attackers, "victim"].map((name) => ({ name, secret: secretOf(name) }));

/** Times runs while each of the three others keeps running its code, or sleeps. */
async function measureBeside(
  server: BenchServer,
  count: number,
  codes: Readonly<Record<string, string>>,
): Promise<number[]> {
  let isOver = false;
  const neighbours = attackers.map(async (name) => {
    while (!isOver) {
      const code = codes[name] ?? idleCode;
      await server.run(code, { secret: secretOf(name), mayFail: true });
    }
  });
  const run = () => server.run("return 1", { secret: secretOf("victim") });
  await timeEach(5, run);
  const samples = await timeEach(count, run);
  isOver = true;
  await Promise.all(neighbours);
  return samples;
}

function secretOf(name: string): string {
  return `${name}-`.padEnd(40, "0");
}

function figureOf(beside: string, samples: readonly number[]): Figure {
  const shared = { isolation: "process, new worker", unit: "ms" } as const;
  return { name: `trivial run beside ${beside}`, ...shared, ...summarize(samples) };
}

function ratioOf(name: string, value: number): Figure {
  return {
    name: `${name} beside all three, to that beside idle ones`,
    isolation: "process, new worker",
    unit: "times",
    value: hundredths(value),
    aim: "at most 1.5",
  };
}
