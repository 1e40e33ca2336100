/** An agent's state: one JSON document with versions. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";
import { mergePatch } from "./merge_patch.ts";

/** UTF-8 bytes of a state as JSON. */
export const maxStateBytes = 1024 * 1024;

/** Others may change it too: a change without a version is tried so often. */
const maxTries = 20;

/** A state as it is at one moment. */
export interface StateVersion {
  /** The document. */
  readonly value: Json;
  /** Changes with each change: the `ETag`. */
  readonly version: string;
}

const keys = { state: (owner: string) => ["agent_state", owner] };
/** The version of a state that was never set. */
const unset = "0";

/** The states of all agents. */
export class StateDocuments {
  readonly #kv: Deno.Kv;

  /** The states that lie in a KV. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** The state, `{}` where it was never set. */
  async read(owner: string): Promise<StateVersion> {
    const value = await readLarge(this.#kv, keys.state(owner));
    if (value === undefined) return { value: {}, version: unset };
    return { value: JSON.parse(value.text()), version: value.versionstamp };
  }

  /**
   * Merges a patch into it (RFC 7396).
   *
   * @param versions Those it may have before; any, where there are none.
   * @throws {AirlockError} `precondition_failed` where it has another, `too_large` above 1 MiB.
   */
  async patch(owner: string, patch: Json, versions?: readonly string[]): Promise<StateVersion> {
    for (let tries = 0; tries < maxTries; tries++) {
      const before = await this.read(owner);
      if (versions !== undefined && !versions.includes(before.version)) throw changed();
      const value = mergePatch(before.value, patch);
      const json = JSON.stringify(value);
      const bytes = utf8Length(json);
      if (bytes > maxStateBytes) throw tooLarge(bytes);
      const check = before.version === unset ? null : before.version;
      const version = await writeLarge(this.#kv, keys.state(owner), json, { check });
      if (version !== undefined) return { value, version };
    }
    throw new AirlockError("conflict", "Cannot change the state: others change it too");
  }

  /** Forgets it. */
  async deleteAll(owner: string): Promise<void> {
    await deleteLarge(this.#kv, keys.state(owner));
  }
}

function changed(): AirlockError {
  return new AirlockError(
    "precondition_failed",
    "Cannot change the state: it was changed meanwhile",
    {
      hint: "Read it again, and send the ETag that comes with it",
    },
  );
}

function tooLarge(bytes: number): AirlockError {
  const state = `it would have ${bytes} bytes, at most ${maxStateBytes}`;
  return new AirlockError("too_large", `Cannot change the state: ${state}`);
}
