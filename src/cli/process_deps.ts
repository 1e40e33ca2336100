/** What commands work with when they are run for real: this process, its files, its streams. @module */

import { fileURLToPath } from "node:url";
import type { LogLevel, ServerConfig } from "../config/config.ts";
import { defaultServerTimeouts } from "../config/defaults.ts";
import { denoEnvironment } from "../config/inherited_environment.ts";
import { loadConfig } from "../config/load_config.ts";
import { serveHttp } from "../http/serve.ts";
import { configureLog, logger } from "../log/log.ts";
import { checkCondition } from "../policy/condition.ts";
import { checkPattern } from "../privacy/patterns.ts";
import { verifyReceipts } from "../receipts/verify_receipts.ts";
import { claimDataFolder } from "../storage/owner.ts";
import type { CliDeps, LogMode } from "./command.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { openAirlock, type OpenAirlockDeps } from "./open_airlock.ts";
import { processTerminal } from "./terminal.ts";

/** First argument by which a compiled binary knows that it is to be the example shop. */
export const shopArgument = "--airlock-shop";

/** Options of {@linkcode createProcessDeps}. */
export interface ProcessDepsOptions {
  /** Airlock's own version. */
  version: string;
  /** Folder of the program, with `examples/` in it. */
  root: URL;
  /** Starts an Airlock in this process. */
  startAirlock: OpenAirlockDeps["startAirlock"];
}

/** Makes them; dispose of them when the command line has ended. */
export function createProcessDeps(options: ProcessDepsOptions): CliDeps & Disposable {
  const { version, root, startAirlock } = options;
  const interrupt = listenForInterrupt();
  let log: LogMode = "configured";
  const opening: OpenAirlockDeps = {
    version,
    loadConfig: async (given) => {
      const config = await loadConfig({
        ...given,
        embeddedServers: [shopServer(root)],
        defaultData: dataFolder(root),
        checkWhen: checkCondition,
        checkPattern,
      });
      configureLog({ level: chooseLevel(log, config.logLevel) });
      for (const { path, message } of config.notes) {
        logger("cli").info("configuration note", { path, message });
      }
      return config;
    },
    claimDataFolder,
    startAirlock,
    listen: (airlock, { host, port }, { keys }) =>
      Promise.resolve(serveHttp(airlock, { host, port, hasKeys: keys.length > 0 })),
  };
  return {
    version,
    terminal: processTerminal,
    interrupt: interrupt.signal,
    open: (given) => openAirlock(given, opening),
    verifyReceipts,
    setLog: (mode) => void (log = mode),
    [Symbol.dispose]: () => interrupt[Symbol.dispose](),
  };
}

/** A short command is quiet unless somebody asked for a level other than the usual one. */
function chooseLevel(mode: LogMode, configured: LogLevel = "info"): LogLevel {
  if (mode === "debug") return "debug";
  return mode === "quiet" && configured === "info" ? "warn" : configured;
}

/** The example shop: what is connected where nothing is configured. */
export function shopServer(root: URL): ServerConfig {
  const script = new URL("./examples/shop_server.ts", root);
  const config = new URL("./deno.json", root);
  return {
    name: "shop",
    transport: "stdio",
    command: Deno.execPath(),
    args: Deno.build.standalone ? [shopArgument] : [
      "run",
      "--quiet",
      "--no-prompt",
      `--config=${fileURLToPath(config)}`,
      "--allow-env",
      fileURLToPath(script),
    ],
    env: denoEnvironment(),
    era: "legacy",
    ...defaultServerTimeouts,
  };
}

/** `.airlock` beside the program, where it runs from a checkout. */
function dataFolder(root: URL): string | undefined {
  const isCheckout = !Deno.build.standalone && root.protocol === "file:";
  return isCheckout ? fileURLToPath(new URL("./.airlock", root)) : undefined;
}
