/** What a command is. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { CliAirlock, OpenedAirlock, OpenOptions } from "./cli_airlock.ts";
import { whenAborted } from "./interrupt.ts";
import type { OptionSpecs, ParsedArguments } from "./parse_arguments.ts";
import { ProgressLine } from "./progress_line.ts";
import type { Verification } from "../receipts/verify_receipts.ts";
import type { Terminal } from "./terminal.ts";

/** How much is logged; `quiet` leaves out what only a server's log needs. */
export type LogMode = "configured" | "quiet" | "debug";

/** What commands work with; `main.ts` gives the real things, tests others. */
export interface CliDeps {
  /** Airlock's own version. */
  readonly version: string;
  /** The streams a person sees. */
  readonly terminal: Terminal;
  /** Fires at the first SIGINT or SIGTERM, with its name as the reason. */
  readonly interrupt: AbortSignal;
  /** Opens the data folder, as its owner or through its owner. */
  open(options: OpenOptions): Promise<OpenedAirlock>;
  /** Checks receipts offline. */
  verifyReceipts(items: unknown, jwks: unknown): Promise<Verification>;
  /** How much is logged once an Airlock is opened. */
  setLog(mode: LogMode): void;
}

/** How a command ended: 0 well, 1 the run or check failed, 2 wrong usage, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** One command. */
export interface Command {
  /** What may follow its name, as shown by `--help`. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** Options beside those of every command. */
  readonly options: OptionSpecs;
  /** Words it takes at most. */
  readonly maxPositionals: number;
  /** Does it. */
  run(args: ParsedArguments, deps: CliDeps): Promise<ExitCode>;
}

/** Options about the Airlock itself, from the arguments of a command. */
export function openOptions(args: ParsedArguments): OpenOptions {
  return {
    configFile: args.value("config"),
    mcpConfigFiles: args.values("mcp-config"),
    data: args.value("data"),
    host: args.value("host"),
    port: args.number("port", { min: 0, max: 65535 }),
  };
}

/** Opens an Airlock for the time of a function, and closes it whatever happens. */
export async function withAirlock(
  options: OpenOptions,
  deps: CliDeps,
  use: (opened: OpenedAirlock) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await deps.open(options);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/**
 * Waits until every server of tools is past its first attempt to connect.
 *
 * @throws {AirlockError} `cancelled` where the wait was interrupted.
 */
export async function serversReady(airlock: CliAirlock, deps: CliDeps): Promise<void> {
  using _progress = new ProgressLine(deps.terminal, "Connecting to servers");
  await Promise.race([airlock.servers.ready(), whenAborted(deps.interrupt)]);
  if (deps.interrupt.aborted) throw new AirlockError("cancelled", "Cannot go on: interrupted");
}
