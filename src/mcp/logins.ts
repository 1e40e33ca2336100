/** What all logins share: where they are kept, and where answers to them are taken. @module */

import type { ServerConfig } from "../config/config.ts";
import type { Secrets } from "../servers/secrets.ts";
import { isLoopbackHost } from "./auth_fetch.ts";
import { Login } from "./login.ts";
import type { LoginDeps, LoginEvents } from "./login.ts";
import { LoginStore } from "./login_store.ts";
import { Seal } from "../storage/seal.ts";

/** The logins of one Airlock. */
export class Logins implements LoginDeps {
  /** Keeps tokens. */
  readonly store: LoginStore;
  #callbackUrl?: string;

  private constructor(store: LoginStore) {
    this.store = store;
  }

  /** Those in a database, sealed with 32 secret bytes. */
  static async open(kv: Deno.Kv, secret: Uint8Array<ArrayBuffer>): Promise<Logins> {
    return new Logins(new LoginStore(kv, await Seal.of(secret)));
  }

  /** Says where Airlock listens: answers are taken there, where a browser of this machine gets there. */
  listensAt(url: string): void {
    const { hostname, origin } = new URL(url);
    this.#callbackUrl = isLoopbackHost(hostname) ? `${origin}/oauth/callback` : undefined;
  }

  /** Where answers are taken; `undefined` where each login needs a port of its own. */
  callbackUrl(): string | undefined {
    return this.#callbackUrl;
  }
}

/** The login of a server that may have one: not where a header of the configuration stands for it. */
export function loginOf(
  config: ServerConfig,
  deps: LoginDeps | undefined,
  about: { secrets: Secrets; events: LoginEvents },
): Login | undefined {
  if (deps === undefined || config.transport === "stdio") return undefined;
  const isFixed = Object.keys(config.headers).some((name) => /^authorization$/i.test(name));
  return isFixed || !URL.canParse(config.url) ? undefined : new Login(config, deps, about);
}
