/**
 * Airlock's entry: a command line, and `{ fetch }` for `deno serve` and Deno
 * Deploy. In a compiled binary it is also the sandbox host and the example
 * shop, by hidden arguments. @module
 */

import manifest from "./deno.json" with { type: "json" };
import type { Airlock } from "./src/airlock.ts";

const root = new URL(".", import.meta.url);
let opened: Promise<Airlock> | undefined;

export default {
  /** Answers a request; the first one starts the Airlock. */
  async fetch(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    opened ??= openAirlock();
    return (await opened).fetch(request, info);
  },
};

if (import.meta.main && (Deno.args.length > 0 || Deno.build.standalone)) await main(Deno.args);

async function main(args: string[]): Promise<void> {
  switch (args[0]) {
    case "--airlock-host":
      await import("./workers/dist/host.js");
      return;
    case "--airlock-checker":
      await import("./workers/dist/checker.js");
      return;
    case "--airlock-sql":
      await import("./workers/dist/sql.js");
      return;
    case "--airlock-shop": {
      const { serveShop } = await import("./examples/shop_server.ts");
      serveShop();
      return;
    }
    default:
      Deno.exit(await runCommand(args));
  }
}

async function runCommand(args: string[]): Promise<number> {
  const { runCommandLine } = await import("./src/cli/command_line.ts");
  const { createProcessDeps } = await import("./src/cli/process_deps.ts");
  using deps = createProcessDeps({
    version: manifest.version,
    root,
    startAirlock: async (options) => {
      const { startAirlock } = await import("./src/airlock.ts");
      return startAirlock(options);
    },
  });
  return await runCommandLine(args, deps);
}

async function openAirlock(): Promise<Airlock> {
  const { createAirlock } = await import("./src/airlock.ts");
  const { listenForInterrupt, whenAborted } = await import("./src/cli/interrupt.ts");
  const { shopServer } = await import("./src/cli/process_deps.ts");
  try {
    const airlock = await createAirlock(undefined, [shopServer(root)]);
    // What the Airlock holds would keep the process of `deno serve` alive.
    const { signal } = listenForInterrupt();
    void whenAborted(signal).then(() => airlock.close()).finally(() => Deno.exit(0));
    return airlock;
  } catch (error) {
    // The next request tries again: what was away may be back.
    opened = undefined;
    throw error;
  }
}
