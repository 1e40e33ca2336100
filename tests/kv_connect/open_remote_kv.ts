/** Opens a KV of a KV Connect server in this process, by Deno's own client. @module */

import type { KvServer } from "./serve_kv.ts";

const name = "DENO_KV_ACCESS_TOKEN";

/** Deno takes the token from the environment alone: it is there while the KV opens. */
export async function openRemoteKv({ url, token }: KvServer): Promise<Deno.Kv> {
  const before = Deno.env.get(name);
  Deno.env.set(name, token);
  try {
    return await Deno.openKv(url);
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}
