/** `airlock accept`: accepts a tool that changed after it was pinned. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import { type Command, openOptions, serversReady, withAirlock } from "./command.ts";
import { writeLine } from "./terminal.ts";

/** The command. */
export const acceptCommand: Command = {
  usage: "TOOL",
  summary: "accepts a pinned tool that changed",
  options: {},
  maxPositionals: 1,
  run: async (args, deps) => {
    const [name] = args.positionals;
    if (name === undefined) throw new AirlockError("usage", "Cannot accept: no tool was named");
    return await withAirlock(openOptions(args), deps, async ({ airlock, principal }) => {
      await serversReady(airlock, deps);
      const items = await airlock.tools.search(undefined, { detail: "names" }, principal);
      const names = items.flatMap((item) => [item.name, `${item.server}.${item.tool}`]);
      if (!names.includes(name)) throw unknownTool(name, names);
      const change = await airlock.tools.pendingChange(name, principal);
      if (change === undefined) {
        throw new AirlockError("conflict", `Cannot accept "${name}": no change of it is pending`);
      }
      // What is accepted is what was shown: were it to change again, its hash would not fit.
      writeLine(deps.terminal, change.diff);
      await airlock.tools.accept(name, change.hash, principal);
      writeLine(deps.terminal, `Accepted ${name} (${change.hash})`);
      return 0;
    });
  },
};

function unknownTool(name: string, names: readonly string[]): AirlockError {
  const near = nearestName(name, names);
  const hint = near === undefined ? "" : `; did you mean "${near}"`;
  return new AirlockError("not_found", `Cannot accept "${name}": there is no such tool${hint}`);
}
