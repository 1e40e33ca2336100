/** `airlock auth`: says how a server stands that may need a login. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { ServerState } from "../servers/server_state.ts";
import { type Command, openOptions, serversReady, withAirlock } from "./command.ts";

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
      throw new AirlockError("conflict", explain(name, await airlock.servers.states()));
    });
  },
};

function explain(name: string, states: readonly ServerState[]): string {
  const server = states.find((state) => state.name === name);
  if (server === undefined) {
    const near = nearestName(name, states.map((state) => state.name));
    const hint = near === undefined ? "" : `; did you mean "${near}"`;
    return `Cannot log in to "${name}": there is no such server${hint}`;
  }
  const { state, reason } = server;
  if (state === "needs_auth") {
    return `Cannot log in to "${name}": it needs a login, which has to be given as a header ` +
      "in the configuration";
  }
  const why = reason === undefined ? "" : ` (${reason})`;
  return `Cannot log in to "${name}": it needs no login, its state is "${state}"${why}`;
}
