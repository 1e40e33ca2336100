import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { z } from "zod";

const bench = new URL("../../bench/bench.ts", import.meta.url).pathname;

const output = z.strictObject({
  sections: z.array(z.strictObject({
    section: z.string(),
    figures: z.array(z.strictObject({
      name: z.string().min(1),
      isolation: z.string().min(1),
      unit: z.string().min(1),
      value: z.number().positive(),
      p95: z.number().positive().optional(),
      p99: z.number().positive().optional(),
      aim: z.string().optional(),
    })).min(2),
  })),
});

Deno.test("bench.ts --json measures the sections that are named, in their order", async () => {
  const { code, stdout } = await runBench("--json", "--quick", "tokens", "start");

  const { sections } = output.parse(JSON.parse(new TextDecoder().decode(stdout)));
  strictEqual(code, 0);
  deepStrictEqual(sections.map(({ section }) => section), ["start", "tokens"]);
  ok(sections.every(({ figures }) => figures.every(({ value }) => Number.isFinite(value))));
});

Deno.test("bench.ts refuses a section that is not there, and names those that are", async () => {
  const { code, stderr } = await runBench("speed");

  strictEqual(code, 2);
  match(new TextDecoder().decode(stderr), /Cannot measure "speed": the sections are start runs/);
});

function runBench(...args: string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), { args: ["run", "-A", bench, ...args] }).output();
}
