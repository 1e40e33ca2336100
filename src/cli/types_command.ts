/** `airlock types`: TypeScript declarations of tools. @module */

import { type Command, openOptions, serversReady, withAirlock } from "./command.ts";
import { writeLine } from "./terminal.ts";

/** The command. */
export const typesCommand: Command = {
  usage: "[GLOB]…",
  summary: "prints TypeScript declarations of the tools",
  options: {},
  maxPositionals: 1000,
  run: (args, deps) =>
    withAirlock(openOptions(args), deps, async ({ airlock, principal }) => {
      await serversReady(airlock, deps);
      const globs = args.positionals.length === 0 ? ["*"] : args.positionals;
      writeLine(deps.terminal, await airlock.tools.types(globs, principal));
      return 0;
    }),
};
