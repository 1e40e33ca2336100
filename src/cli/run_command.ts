/** `airlock run`: runs a file, or what is piped in. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import type { RunEvent, RunReport } from "../runs/report.ts";
import type { RunRequest } from "../runs/run_service.ts";
import type { OpenedAirlock } from "./cli_airlock.ts";
import {
  type CliDeps,
  type Command,
  type ExitCode,
  openOptions,
  serversReady,
  withAirlock,
} from "./command.ts";
import type { ParsedArguments } from "./parse_arguments.ts";
import { ProgressLine } from "./progress_line.ts";
import { readTextFile, writeErrorLine, writeLine } from "./terminal.ts";

/** Bytes of code or input that are read at all; the run's own limits are lower. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** The command. */
export const runCommand: Command = {
  usage: "[FILE|-] [--tools GLOB]… [--input JSON] [--timeout MS] [--json] [--durable]",
  summary: "runs TypeScript: logs to standard error, the result to standard output",
  options: {
    tools: { type: "string", multiple: true },
    input: { type: "string" },
    timeout: { type: "string" },
    json: { type: "boolean" },
    durable: { type: "boolean" },
  },
  maxPositionals: 1,
  run: async (args, deps) => {
    const file = args.positionals[0] ?? "-";
    const request = await readRequest(file, args, deps);
    return await withAirlock(openOptions(args), deps, async (opened) => {
      const report = await follow(request, args.has("json"), opened, deps);
      printReport(report, file, args.has("json"), deps);
      return exitCodeOf(report, deps);
    });
  },
};

async function readRequest(
  file: string,
  args: ParsedArguments,
  { terminal }: CliDeps,
): Promise<RunRequest> {
  const timeoutMs = args.number("timeout", { min: 1, max: 2 ** 31 - 1 });
  const input = parseInput(args.value("input"));
  if (file === "-" && terminal.inputIsTerminal && args.positionals.length === 0) {
    throw new AirlockError("usage", "Cannot run code: neither a file nor piped input was given");
  }
  const code = file === "-"
    ? await terminal.readInput(MAX_TEXT_BYTES)
    : await readTextFile(file, MAX_TEXT_BYTES);
  return {
    code,
    input,
    tools: args.has("tools") ? args.values("tools") : undefined,
    limits: timeoutMs === undefined ? undefined : { timeoutMs },
    durable: args.has("durable"),
  };
}

function parseInput(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AirlockError("usage", `Cannot use "--input": not JSON`, { cause });
  }
}

/** Starts the run and shows what happens in it until it ends; an interrupt cancels it. */
async function follow(
  request: RunRequest,
  quiet: boolean,
  { airlock, principal }: OpenedAirlock,
  deps: CliDeps,
): Promise<RunReport> {
  const { terminal, interrupt } = deps;
  await serversReady(airlock, deps);
  const { id } = await airlock.runs.start(request, principal);
  using progress = new ProgressLine(terminal, `Running ${id}`);
  try {
    for await (const item of await airlock.runs.events(id, principal, 0, interrupt)) {
      if (item.event === "end") return item.data;
      show(item, quiet, progress);
    }
  } catch (error) {
    if (!interrupt.aborted) throw error;
  }
  if (interrupt.aborted) return await airlock.runs.cancel(id, principal);
  return await airlock.runs.wait(id, principal, interrupt);
}

function show(item: RunEvent, quiet: boolean, progress: ProgressLine): void {
  switch (item.event) {
    case "log":
      return quiet ? undefined : progress.print(item.data.text);
    case "call":
      return progress.update(`${item.data.tool} ${item.data.status}`);
    case "progress": {
      const { done, total, text = "" } = item.data;
      return progress.update(`${done}${total === undefined ? "" : `/${total}`} ${text}`);
    }
    case "approval":
      return progress.print(
        `${item.data.tool} waits for approval: airlock approve ${item.data.id} [--deny]`,
      );
    case "end":
      return;
    default:
      return item satisfies never;
  }
}

function printReport(
  report: RunReport,
  file: string,
  asJson: boolean,
  { terminal }: CliDeps,
): void {
  if (asJson) return writeLine(terminal, JSON.stringify(report, null, 2));
  const { result, error, content = [], truncated } = report;
  if (truncated?.logs !== undefined) {
    writeErrorLine(terminal, `(logs were cut: ${truncated.logs} bytes in all)`);
  }
  if (content.length > 0) {
    writeErrorLine(terminal, `(${content.length} content blocks were emitted: --json shows them)`);
  }
  if (error) writeErrorLine(terminal, describeFailure(file, error));
  if (result === undefined) return;
  writeLine(terminal, typeof result === "string" ? result : JSON.stringify(result, null, 2));
}

/** `file:line:column: name: message`, with what is known of it. */
function describeFailure(file: string, error: NonNullable<RunReport["error"]>): string {
  const { line, column, name = error.code, message, hint } = error;
  const place = [file === "-" ? "stdin" : file, line, column].filter((part) => part !== undefined);
  return `${place.join(":")}: ${name}: ${message}${hint === undefined ? "" : `\n${hint}`}`;
}

function exitCodeOf({ status }: RunReport, { interrupt }: CliDeps): ExitCode {
  if (interrupt.aborted) return 130;
  return status === "succeeded" ? 0 : 1;
}
