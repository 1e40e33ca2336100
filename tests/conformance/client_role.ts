/** Runs the official conformance suite with Airlock's upstream manager as the client. @module */

import { fileURLToPath } from "node:url";
import { runSuite } from "./server_role.ts";
import type { ServerSuite, SuiteOutcome } from "./server_role.ts";

/** One run of the suite. */
export type ClientSuite = Pick<ServerSuite, "name" | "version" | "args">;

/** Every scored scenario there is for clients. */
export const clientSuites: readonly ClientSuite[] = [
  { name: "0.1.16", version: "0.1.16", args: ["--suite", "all"] },
  ...["2025-11-25", "2026-07-28"].map((revision) => ({
    name: revision,
    version: "0.2.0-alpha.12" as const,
    args: ["--requirements", revision],
  })),
];

/** The suite starts all its clients at once, which takes a small machine its time. */
const timeoutMs = 280_000;

/**
 * Runs the suite; with its own exit code as the verdict. What fails while all
 * clients run at once is run again alone, since some scenarios measure times.
 */
export async function runClientSuite(suite: ClientSuite): Promise<SuiteOutcome> {
  const whole = await runOnce(suite);
  const failed = [...whole.summary.matchAll(/^ {2}✗ ([\w./-]+)$/gm)].map(([, name]) => name);
  if (whole.isPassed || failed.length === 0) return whole;
  const revision = suite.args[0] === "--requirements" ? ["--spec-version", suite.args[1]] : [];
  const { version } = suite;
  const again: SuiteOutcome[] = [];
  for (const name of failed) {
    again.push(await runOnce({ name, version, args: ["--scenario", name, ...revision] }));
  }
  const verdicts = again.map(({ isPassed }, index) =>
    `${failed[index]} alone: ${isPassed ? "passed" : "failed"}`
  );
  return {
    isPassed: again.every(({ isPassed }) => isPassed),
    summary: [whole.summary, ...verdicts].join("\n"),
  };
}

async function runOnce(suite: ClientSuite): Promise<SuiteOutcome> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const client = [Deno.execPath(), "run", "-A", "--no-check", here("client.ts")];
  const results = await Deno.makeTempDir();
  try {
    const { code, output } = await runSuite(suite.version, [
      "client",
      ...["--command", client.join(" "), "--timeout", String(timeoutMs)],
      ...["--output-dir", results, "--expected-failures", here("expected_failures.yaml")],
      ...suite.args,
    ]);
    const start = output.search(/=== (?:SUITE )?SUMMARY ===/);
    const summary = output.slice(Math.max(0, start)).split("\nnpm warn", 1)[0];
    return { isPassed: code === 0, summary };
  } finally {
    await Deno.remove(results, { recursive: true });
  }
}
