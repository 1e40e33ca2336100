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

/** Runs the suite; with its own exit code as the verdict. */
export async function runClientSuite(suite: ClientSuite): Promise<SuiteOutcome> {
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
    return { isPassed: code === 0, summary: output.slice(Math.max(0, start)) };
  } finally {
    await Deno.remove(results, { recursive: true });
  }
}
