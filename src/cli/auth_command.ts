/** `airlock auth`: logs in to a server, by the page that it shows. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { ServerState } from "../servers/server_state.ts";
import type { CliAirlock } from "./cli_airlock.ts";
import { type CliDeps, type Command, openOptions, serversReady, withAirlock } from "./command.ts";
import { ProgressLine } from "./progress_line.ts";
import { writeErrorLine, writeLine } from "./terminal.ts";

/** How often it is looked whether the person has logged in, milliseconds. */
const pollMs = 200;

/** The command. */
export const authCommand: Command = {
  usage: "SERVER",
  summary: "logs in to a server of tools",
  options: {},
  maxPositionals: 1,
  run: async (args, deps) => {
    const [name] = args.positionals;
    if (name === undefined) throw new AirlockError("usage", "Cannot log in: no server was named");
    return await withAirlock(openOptions(args), deps, async ({ airlock }) => {
      await serversReady(airlock, deps);
      const { state } = findServer(name, await airlock.servers.states());
      if (state !== "needs_auth") throw noLogin(name, await airlock.servers.states());
      const { url } = await airlock.servers.login(name);
      writeErrorLine(deps.terminal, `Open this page to log in to "${name}":`);
      writeLine(deps.terminal, url);
      const { tools } = await untilReady(name, airlock, deps);
      writeErrorLine(deps.terminal, `Logged in: "${name}" is ready, with ${tools} tools`);
      return 0;
    });
  },
};

/** Waits for the person; a server that then fails ends the wait. */
async function untilReady(name: string, airlock: CliAirlock, deps: CliDeps): Promise<ServerState> {
  using _progress = new ProgressLine(deps.terminal, "Waiting for the login");
  while (!deps.interrupt.aborted) {
    const server = findServer(name, await airlock.servers.states());
    if (server.state === "ready") return server;
    if (server.state === "failed") {
      throw new AirlockError("conflict", server.reason ?? `Cannot log in to "${name}": it failed`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new AirlockError("cancelled", `Cannot log in to "${name}": interrupted`);
}

function findServer(name: string, states: readonly ServerState[]): ServerState {
  const server = states.find((state) => state.name === name);
  if (server !== undefined) return server;
  const near = nearestName(name, states.map((state) => state.name));
  const hint = near === undefined ? "" : `; did you mean "${near}"`;
  const message = `Cannot log in to "${name}": there is no such server${hint}`;
  throw new AirlockError("conflict", message);
}

function noLogin(name: string, states: readonly ServerState[]): AirlockError {
  const { state, reason } = findServer(name, states);
  const why = reason === undefined ? "" : ` (${reason})`;
  const message = `Cannot log in to "${name}": it needs no login, its state is "${state}"${why}`;
  return new AirlockError("conflict", message);
}
