/** A run that does nothing: what comes on top of every run. @module */

import { BenchServer, type BenchSettings } from "./bench_server.ts";
import {
  type Figure,
  type Isolation,
  samplesFor,
  type Section,
  summarize,
  timeEach,
} from "./figure.ts";
import { pause } from "./pause.ts";

/** A trivial run over HTTP and over MCP, with a pause between two runs and without. */
export const runsSection: Section = {
  name: "runs",
  measure: async (effort) => [
    ...await measureServer(effort, "process, new worker", {}),
    ...await measureServer(effort, "process, new realm", { sandbox: { fresh: "realm" } }),
  ],
};

const code = "return 1";

async function measureServer(
  effort: number,
  isolation: Isolation,
  settings: BenchSettings,
): Promise<Figure[]> {
  await using server = await BenchServer.start(settings);
  await using client = await server.connect();
  const overHttp = () => server.run(code);
  const overMcp = () => client.callTool({ name: "execute", arguments: { code } });
  await timeEach(samplesFor(effort, 20), overHttp);
  await timeEach(samplesFor(effort, 5), overMcp);
  const paced = await timePaced(samplesFor(effort, 60), overHttp);
  const pacedMcp = await timePaced(samplesFor(effort, 60), overMcp);
  const dense = await timeEach(samplesFor(effort, 100), overHttp);
  const shared = { isolation, unit: "ms" } as const;
  return [
    { name: "trivial run over HTTP, warm", ...shared, ...summarize(paced), aim: "at most 5" },
    { name: "trivial run over MCP, warm", ...shared, ...summarize(pacedMcp) },
    { name: "trivial run over HTTP, one right after another", ...shared, ...summarize(dense) },
  ];
}

/** Times goes with pauses between them, in which hosts get ready again. */
async function timePaced(count: number, go: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let done = 0; done < count; done++) {
    await pause(60);
    samples.push(...await timeEach(1, go));
  }
  return samples;
}
