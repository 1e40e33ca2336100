/** Opens the Airlock a command works with: in this process, or in the one that owns the data folder. @module */

import type { Config } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { localPrincipal, type Principal } from "../grants/principal.ts";
import type { Claim, OwnedFolder } from "../storage/owner.ts";
import type { LocalAirlock, OpenedAirlock, OpenOptions } from "./cli_airlock.ts";
import { connectRemoteAirlock } from "./remote_airlock.ts";

/** The name of the key that `AIRLOCK_API_KEY` adds. */
const COMMAND_LINE_KEY = "default";

/** A server that listens. */
export interface Listening {
  /** Where: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Stops taking requests and waits for those under way. */
  close(): Promise<void>;
}

/** What {@linkcode openAirlock} needs. */
export interface OpenAirlockDeps {
  /** Airlock's own version. */
  readonly version: string;
  /** Reads the configuration. */
  loadConfig(options: OpenOptions): Promise<Config>;
  /** Makes the data folder ours, or says whose it is. */
  claimDataFolder(data: string): Promise<Claim>;
  /** Starts an Airlock; `ownerToken` lets other processes of this user in. */
  startAirlock(options: { config: Config; ownerToken: string }): Promise<LocalAirlock>;
  /** Listens. */
  listen(
    airlock: LocalAirlock,
    address: { host: string; port: number },
    config: Config,
  ): Promise<Listening>;
}

/**
 * Opens the Airlock of the configured data folder. The first process owns the
 * folder and listens, so that later ones can go through it: `serve`, or whoever
 * was given a host or port, at the configured address, any other command at a
 * port of its own on loopback. With
 * a remote database there is no folder to own.
 *
 * @throws {AirlockError} `unavailable` where this process must be the owner and
 * another one is.
 */
export async function openAirlock(
  options: OpenOptions,
  deps: OpenAirlockDeps,
): Promise<OpenedAirlock> {
  const config = await deps.loadConfig(options);
  const { role = "any" } = options;
  const principal = commandLinePrincipal(config);
  const claim = config.kv === undefined ? await deps.claimDataFolder(config.data) : undefined;
  if (claim?.owner === false) {
    if (role === "owner") {
      throw new AirlockError(
        "unavailable",
        `Cannot serve data folder "${config.data}": another Airlock serves it at ` +
          `"${claim.address.url}" (process ${claim.address.pid})`,
      );
    }
    const airlock = connectRemoteAirlock(claim.address, { apiKey: commandLineKey(config)?.secret });
    return {
      airlock,
      principal,
      url: claim.address.url,
      data: config.data,
      isolation: () => ({}),
      close: () => airlock.close(),
    };
  }
  const isAsked = role === "owner" || options.host !== undefined || options.port !== undefined;
  const address = isAsked ? config.listen : { host: "127.0.0.1", port: 0 };
  const opened = await openOwned(config, address, deps, claim);
  return { ...opened, principal, data: config.data };
}

/** Starts an Airlock here; whatever fails, what was started before it is ended. */
async function openOwned(
  config: Config,
  address: { host: string; port: number },
  deps: OpenAirlockDeps,
  folder: OwnedFolder | undefined,
): Promise<Omit<OpenedAirlock, "principal" | "data">> {
  await using stack = new AsyncDisposableStack();
  if (folder) stack.use(folder);
  const ownerToken = makeToken();
  const airlock = await deps.startAirlock({ config, ownerToken });
  stack.defer(() => airlock.close());
  const server = await deps.listen(airlock, address, config);
  stack.defer(() => server.close());
  airlock.listensAt?.(loopbackUrl(server.url));
  // Before that, so that whoever waits for a run or follows it still gets its end.
  stack.defer(() => airlock.stopRuns());
  await folder?.publish({
    url: loopbackUrl(server.url),
    token: ownerToken,
    pid: Deno.pid,
    version: deps.version,
  });
  const all = stack.move();
  return {
    airlock,
    url: server.url,
    isolation: () => airlock.readiness().isolation,
    close: () => all.disposeAsync(),
  };
}

/** An address that other processes of this machine can use. */
function loopbackUrl(text: string): string {
  const url = new URL(text);
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  return url.origin;
}

function commandLineKey(config: Config): Config["keys"][number] | undefined {
  return config.keys.find(({ name }) => name === COMMAND_LINE_KEY);
}

function commandLinePrincipal(config: Config): Principal {
  const key = commandLineKey(config);
  return key === undefined ? localPrincipal : { name: key.name, tools: key.tools };
}

/** 256 random bits. */
function makeToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
