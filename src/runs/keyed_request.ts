/** Requests that come with an idempotency key. @module */

import { hashJson } from "../hashing/hash_json.ts";
import type { RunRequest } from "./run_service.ts";
import type { KeyedRequest, RememberedRequest } from "./run_store.ts";

/** A request under the key it came with, if any. */
export function keyedRequest(
  request: RunRequest,
  key: string | undefined,
): KeyedRequest | undefined {
  // By way of JSON, so that a field that is absent and one that is undefined are the same.
  return key === undefined
    ? undefined
    : { key, hash: hashJson(JSON.parse(JSON.stringify(request))) };
}

/** The request that was begun under the same key before, if any; then this one is none, and leaves. */
export async function begunBefore(
  begun: Promise<RememberedRequest | undefined>,
  leave: () => void,
): Promise<RememberedRequest | undefined> {
  let isFirst = false;
  try {
    const earlier = await begun;
    isFirst = earlier === undefined;
    return earlier;
  } finally {
    if (!isFirst) leave();
  }
}
