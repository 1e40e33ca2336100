/** Runs the official conformance suite against Airlock, which passes the suite's fixture through. @module */

import { fileURLToPath } from "node:url";
import { startServer } from "../e2e/start_server.ts";
import { startFixture } from "./fixture_server.ts";

/** One run of the suite. */
export interface ServerSuite {
  readonly name: string;
  /** Of npm's `@modelcontextprotocol/conformance`. */
  readonly version: "0.1.16" | "0.2.0-alpha.12";
  /** How Airlock speaks to the fixture: as the suite speaks to Airlock. */
  readonly era: "legacy" | "modern";
  /** Which scenarios. */
  readonly args: readonly string[];
}

/** Every scored scenario there is for servers. */
export const serverSuites: readonly ServerSuite[] = [
  { name: "0.1.16", version: "0.1.16", era: "legacy", args: ["--suite", "active"] },
  ...(["2025-11-25", "2026-07-28"] as const).map((revision) => ({
    name: revision,
    version: "0.2.0-alpha.12" as const,
    era: revision === "2025-11-25" ? "legacy" as const : "modern" as const,
    args: ["--requirements", revision],
  })),
];

/** What came of a run. */
export interface SuiteOutcome {
  isPassed: boolean;
  /** What the suite printed last: a line for each scenario. */
  summary: string;
}

const expectedFailures = fileURLToPath(new URL("./expected_failures.yaml", import.meta.url));

/** Runs the suite; with its own exit code as the verdict. */
export async function runServerSuite(suite: ServerSuite): Promise<SuiteOutcome> {
  await using fixture = startFixture();
  const everything = { type: "http", url: fixture.url, era: suite.era };
  await using server = await startServer({ config: { mcpServers: { everything } } });
  const url = `${server.url}/mcp?mode=passthrough&server=everything`;
  const results = `${server.folder}/results`;
  const { code, output } = await runSuite(suite.version, [
    "server",
    ...["--url", url, "--output-dir", results, "--expected-failures", expectedFailures],
    ...suite.args,
  ]);
  const summary = output.slice(Math.max(0, output.indexOf("=== SUMMARY ===")));
  return { isPassed: code === 0, summary };
}

/** Runs the suite's command line, by the Node.js that it needs. */
export async function runSuite(
  version: ServerSuite["version"],
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const suite = `@modelcontextprotocol/conformance@${version}`;
  const { code, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", "-p", "node@24", "-p", suite, "conformance", ...args],
    stdout: "piped",
    stderr: "piped",
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
