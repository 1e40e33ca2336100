/** Keeps logins in the database: encrypted, by server, its address, and who issued them. @module */

import { z } from "zod";
import { hashText } from "../hashing/hash_json.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import type { Seal } from "../storage/seal.ts";

const keys = {
  /** A login does not move along where a server's address is changed. */
  logins: (server: string, url: string) => ["oauth_login", server, hashText(url)],
  clients: (server: string, url: string) => ["oauth_client", server, hashText(url)],
};

/** Longest record, in characters; KV takes 65,536 bytes a value. */
const maxRecordChars = 49_152;

/** A client as an authorization server knows it. */
export interface KnownClient {
  /** Who knows it. */
  issuer: string;
  /** Its id there. */
  client_id: string;
  /** Its secret there. */
  client_secret?: string;
  /** How it shows that secret. */
  token_endpoint_auth_method?: string;
  /** Where answers may go. @default {not known} */
  redirect_uris?: string[];
}

/** What a login gave. */
export interface StoredLogin {
  /** Who gave it. */
  issuer: string;
  /** To whom: only it can renew the tokens. */
  client: KnownClient;
  /** The tokens as they came. */
  tokens: {
    access_token: string;
    token_type: string;
    refresh_token?: string;
    expires_in?: number;
    scope?: string;
  };
  /** When, milliseconds since 1970. */
  at: number;
}

const clientSchema: z.ZodType<KnownClient> = z.object({
  issuer: z.string(),
  client_id: z.string(),
  client_secret: z.string().optional(),
  token_endpoint_auth_method: z.string().optional(),
  redirect_uris: z.array(z.string()).optional(),
});

const loginSchema: z.ZodType<StoredLogin> = z.object({
  issuer: z.string(),
  client: clientSchema,
  tokens: z.object({
    access_token: z.string(),
    token_type: z.string(),
    refresh_token: z.string().optional(),
    expires_in: z.number().optional(),
    scope: z.string().optional(),
  }),
  at: z.number(),
});

/** The logins of all servers. */
export class LoginStore {
  readonly #kv: Deno.Kv;
  readonly #seal: Seal;

  /** What was sealed with another key counts as not there. */
  constructor(kv: Deno.Kv, seal: Seal) {
    this.#kv = kv;
    this.#seal = seal;
  }

  /** Those of one server at one address. */
  of(server: string, url: string): ServerLogins {
    return new ServerLogins(this.#kv, this.#seal, server, url);
  }
}

/** The logins of one server. */
export class ServerLogins {
  readonly #kv: Deno.Kv;
  readonly #seal: Seal;
  readonly #logins: Deno.KvKey;
  readonly #clients: Deno.KvKey;

  /** For {@linkcode LoginStore}. */
  constructor(kv: Deno.Kv, seal: Seal, server: string, url: string) {
    [this.#kv, this.#seal] = [kv, seal];
    [this.#logins, this.#clients] = [keys.logins(server, url), keys.clients(server, url)];
  }

  /** The latest login, whoever gave it. */
  async latest(): Promise<StoredLogin | undefined> {
    const all = await this.#readAll(this.#logins, loginSchema);
    return all.sort((a, b) => b.at - a.at)[0];
  }

  /** Keeps a login in the place of the one before it, and its client. */
  async save(login: StoredLogin): Promise<void> {
    await this.#write([...this.#logins, hashText(login.issuer)], login);
    await this.saveClient(login.client);
  }

  /** Forgets a login that is of no use any more. */
  async forget(issuer: string): Promise<void> {
    await this.#kv.delete([...this.#logins, hashText(issuer)]);
  }

  /** All clients, by whoever knows them. */
  clients(): Promise<KnownClient[]> {
    return this.#readAll(this.#clients, clientSchema);
  }

  /** Keeps a client in the place of the one its issuer knew before. */
  async saveClient(client: KnownClient): Promise<void> {
    await this.#write([...this.#clients, hashText(client.issuer)], client);
  }

  /** Forgets a client that its issuer does not know any more. */
  async forgetClient(issuer: string): Promise<void> {
    await this.#kv.delete([...this.#clients, hashText(issuer)]);
  }

  async #write(key: Deno.KvKey, record: StoredLogin | KnownClient): Promise<void> {
    const text = JSON.stringify(record);
    if (text.length > maxRecordChars) {
      throw new UpstreamError("refused", "what its login server sent is too long to be kept");
    }
    await this.#kv.set(key, await this.#seal.close(text, key));
  }

  async #readAll<T>(prefix: Deno.KvKey, schema: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const { key, value } of this.#kv.list<unknown>({ prefix }, { limit: 100 })) {
      const text = value instanceof Uint8Array ? await this.#seal.open(value, key) : undefined;
      if (text !== undefined) found.push(schema.parse(JSON.parse(text)));
    }
    return found;
  }
}
