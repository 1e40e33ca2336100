/** Airlock's command line: finds the command, runs it, turns errors into sentences and exit codes. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import { acceptCommand } from "./accept_command.ts";
import { approveCommand } from "./approve_command.ts";
import { authCommand } from "./auth_command.ts";
import type { CliDeps, Command, ExitCode } from "./command.ts";
import { mcpCommand } from "./mcp_command.ts";
import { parseArguments } from "./parse_arguments.ts";
import { runCommand } from "./run_command.ts";
import { serveCommand } from "./serve_command.ts";
import { writeErrorLine, writeLine } from "./terminal.ts";
import { toolsCommand } from "./tools_command.ts";
import { typesCommand } from "./types_command.ts";
import { verifyCommand } from "./verify_command.ts";

const commands: ReadonlyMap<string, Command> = new Map([
  ["serve", serveCommand],
  ["mcp", mcpCommand],
  ["run", runCommand],
  ["tools", toolsCommand],
  ["types", typesCommand],
  ["auth", authCommand],
  ["approve", approveCommand],
  ["accept", acceptCommand],
  ["verify", verifyCommand],
]);

/** Runs one command line and gives its exit code; never throws. */
export async function runCommandLine(args: readonly string[], deps: CliDeps): Promise<ExitCode> {
  // Before the arguments are understood, the word alone has to do.
  const debug = args.includes("--debug");
  try {
    return await dispatch(args, deps);
  } catch (error) {
    return reportError(error, debug, deps);
  }
}

async function dispatch(args: readonly string[], deps: CliDeps): Promise<ExitCode> {
  const { terminal } = deps;
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    writeLine(terminal, describeAll());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-V") {
    writeLine(terminal, deps.version);
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined) throw unknownCommand(name);
  const parsed = parseArguments(rest, command.options, command.maxPositionals);
  if (parsed.has("help")) {
    writeLine(terminal, describeOne(name, command));
    return 0;
  }
  if (parsed.has("debug")) deps.setLog("debug");
  else deps.setLog(name === "serve" || name === "mcp" ? "configured" : "quiet");
  return await command.run(parsed, deps);
}

function unknownCommand(name: string): AirlockError {
  const near = nearestName(name, commands.keys());
  const kind = name.startsWith("-") ? "unknown option" : "unknown command";
  const hint = near === undefined ? "see airlock --help" : `did you mean "${near}"`;
  return new AirlockError("usage", `Cannot run "${name}": ${kind}; ${hint}`);
}

function describeAll(): string {
  const lines = [...commands].map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`);
  return `Airlock runs the TypeScript a model writes, with your MCP servers as a typed API.

Usage: airlock COMMAND [OPTIONS]

${lines.join("\n")}

Options of every command:
  --config FILE        configuration; else airlock.json in the working directory
  --mcp-config FILE    servers from an editor's file, unchanged; may be repeated
  --data DIR           data folder
  --debug              more log, and stacks of errors
  --help, --version`;
}

function describeOne(name: string, { usage, summary }: Command): string {
  const options = "[--config FILE] [--mcp-config FILE]… [--data DIR] [--debug]";
  return `airlock ${name}: ${summary}\n\nUsage: airlock ${name} ${usage}\n       ${options}`;
}

function reportError(error: unknown, debug: boolean, { terminal, interrupt }: CliDeps): ExitCode {
  // Whoever reads our output has had enough of it.
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  const known = error instanceof AirlockError;
  const message = known ? error.message : "Cannot go on: an internal error occurred";
  const hint = known && error.hint !== undefined ? ` (${error.hint})` : "";
  writeErrorLine(terminal, `airlock: ${message}${hint}`);
  for (const { path, message } of known && error.issues.length > 1 ? error.issues : []) {
    writeErrorLine(terminal, `  ${path}: ${message}`);
  }
  if (debug && error instanceof Error) writeErrorLine(terminal, describeStack(error));
  if (interrupt.aborted) return 130;
  return known && isMisuse(error) ? 2 : 1;
}

function describeStack(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${describeStack(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

function isMisuse({ code }: AirlockError): boolean {
  return code === "usage" || code === "invalid_config" || code === "invalid_request";
}
