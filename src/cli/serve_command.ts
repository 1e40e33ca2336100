/** `airlock serve`: the server itself. @module */

import type { ServerState } from "../servers/server_state.ts";
import type { OpenedAirlock } from "./cli_airlock.ts";
import { type CliDeps, type Command, openOptions, withAirlock } from "./command.ts";
import { whenAborted } from "./interrupt.ts";
import { writeLine } from "./terminal.ts";

/** The command. It ends well on SIGTERM, as a service does, and with 130 on an interrupt. */
export const serveCommand: Command = {
  usage: "[--host H] [--port P]",
  summary: "starts the server and serves until it is interrupted",
  options: { host: { type: "string" }, port: { type: "string" } },
  maxPositionals: 0,
  run: async (args, deps) => {
    const { interrupt } = deps;
    return await withAirlock({ ...openOptions(args), role: "owner" }, deps, async (opened) => {
      writeLine(deps.terminal, `Airlock ${deps.version} listens on ${opened.url}`);
      await Promise.race([opened.airlock.servers.ready(), whenAborted(interrupt)]);
      if (!interrupt.aborted) await introduce(opened, deps);
      await whenAborted(interrupt);
      return interrupt.reason === "SIGTERM" ? 0 : 130;
    });
  },
};

async function introduce(
  { airlock, data, isolation }: OpenedAirlock,
  { terminal }: CliDeps,
): Promise<void> {
  const states = await airlock.servers.states();
  if (states.length === 0) writeLine(terminal, "No servers are configured");
  for (const state of states) writeLine(terminal, describeServer(state));
  writeLine(terminal, `Data folder: ${data}`);
  writeLine(terminal, "Isolation:");
  for (const [layer, value] of Object.entries(isolation())) {
    writeLine(terminal, `  ${layer}: ${String(value)}`);
  }
}

function describeServer({ name, state, tools, reason, quarantined }: ServerState): string {
  if (state !== "ready") return `Server ${name}: ${state}${reason ? ` (${reason})` : ""}`;
  const apart = quarantined.length === 0 ? "" : `, ${quarantined.length} in quarantine`;
  return `Server ${name}: ${tools} ${tools === 1 ? "tool" : "tools"}${apart}`;
}
