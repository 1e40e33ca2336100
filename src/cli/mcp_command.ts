/** `airlock mcp`: an MCP server on standard input and output. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { serveMcpStdio } from "../mcp_server/mcp_stdio.ts";
import type { CliAirlock } from "./cli_airlock.ts";
import { type Command, openOptions, withAirlock } from "./command.ts";
import { guardStdout } from "./guard_stdout.ts";
import { whenAborted } from "./interrupt.ts";

/** How long the first answer may wait for servers, so that the instructions can name their tools. */
const READY_MS = 5000;

/** The command. */
export const mcpCommand: Command = {
  usage: "[--host H] [--port P] [--mode code|passthrough]",
  summary: "serves MCP on standard input and output; logs go to standard error only",
  options: {
    host: { type: "string" },
    port: { type: "string" },
    mode: { type: "string" },
  },
  maxPositionals: 0,
  run: async (args, deps) => {
    const mode = args.value("mode") ?? "code";
    if (mode !== "code" && mode !== "passthrough") {
      const state = 'it must be "code" or "passthrough"';
      throw new AirlockError("usage", `Cannot use "--mode ${mode}": ${state}`);
    }
    using _guard = guardStdout();
    return await withAirlock(openOptions(args), deps, async ({ airlock, principal }) => {
      await soonReady(airlock, deps.interrupt);
      const options = { signal: deps.interrupt };
      if (mode === "code") await serveMcpStdio(airlock.mcpDeps, principal, options);
      else await airlock.servePassThrough(principal, options);
      return deps.interrupt.aborted ? 130 : 0;
    });
  },
};

async function soonReady(airlock: CliAirlock, interrupt: AbortSignal): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, READY_MS);
  await Promise.race([airlock.servers.ready(), late, whenAborted(interrupt)]);
  clearTimeout(timer);
}
