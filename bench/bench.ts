/**
 * `deno task bench [--json] [--quick] [SECTION…]`: measures Airlock on this
 * machine. Figures are worth something beside each other, in one run, and
 * nothing beside those of another machine. @module
 */

import { parseArgs } from "node:util";
import type { Figure, Section } from "./figure.ts";
import { formatTable } from "./format_table.ts";
import { callsSection } from "./measure_calls.ts";
import { memorySection } from "./measure_memory.ts";
import { neighboursSection } from "./measure_neighbours.ts";
import { runsSection } from "./measure_runs.ts";
import { sqlSection } from "./measure_sql.ts";
import { startSection } from "./measure_start.ts";
import { throughputSection } from "./measure_throughput.ts";
import { tokensSection } from "./measure_tokens.ts";

const sections: readonly Section[] = [
  startSection,
  runsSection,
  callsSection,
  throughputSection,
  memorySection,
  neighboursSection,
  sqlSection,
  tokensSection,
];

/** Samples of `--quick`, as a share of the full number. */
const quickEffort = 0.1;

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, quick: { type: "boolean" } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  const names = sections.map(({ name }) => name).join(" ");
  console.error(`Cannot measure "${unknown.join(" ")}": the sections are ${names}`);
  Deno.exit(2);
}

const results: { section: string; figures: Figure[] }[] = [];
for (const { name, measure } of sections) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const figures = await measure(values.quick ? quickEffort : 1);
  results.push({ section: name, figures });
  if (!values.json) console.log(formatTable(name, figures));
}
if (values.json) console.log(JSON.stringify({ sections: results }, null, 2));
