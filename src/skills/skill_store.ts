/** Skills in KV: pieces of code that worked, by name, with their versions and where they came from. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";

/** Who saved a version. */
export interface SkillOrigin {
  /** A person, or the code of a run. */
  by: "http" | "run";
  /** The run. */
  run?: string;
}

/** What is saved. */
export interface NewSkill {
  /** TypeScript, in any form that a run takes; its `input` is what it is called with. */
  code: string;
  /** What it does, for whoever looks for it. */
  description: string;
}

/** One version of a skill. */
export interface SkillVersion extends NewSkill {
  /** From 1. */
  version: number;
  /** ISO 8601. */
  at: string;
  /** Who saved it. */
  origin: SkillOrigin;
}

/** A skill as it is listed. */
export interface SkillItem extends Omit<SkillVersion, "code"> {
  /** Its name. */
  name: string;
  /** How code calls it. */
  signature: string;
}

/** Skills of one owner. */
const maxSkills = 200;
/** Versions of one skill that are kept. */
const maxVersions = 20;

/** Names that code has for other things. */
const reserved: ReadonlySet<string> = new Set(["save", "list", "then", "toJSON", "constructor"]);
const namePattern = /^[a-z][A-Za-z0-9_]{0,62}$/;

const keys = {
  versions: (owner: string, name: string) => ["skill", owner, name],
  version: (owner: string, name: string, version: number) => ["skill", owner, name, version],
  all: (owner: string) => ["skill", owner],
};

const versionSchema: z.ZodType<SkillVersion> = z.object({
  code: z.string(),
  description: z.string(),
  version: z.int().positive(),
  at: z.string(),
  origin: z.object({ by: z.enum(["http", "run"]), run: z.string().optional() }),
});

/** The skills of all owners. */
export class SkillStore {
  readonly #kv: Deno.Kv;
  readonly #now: () => number;

  /** Those that lie in a KV. */
  constructor(kv: Deno.Kv, now: () => number = Date.now) {
    [this.#kv, this.#now] = [kv, now];
  }

  /**
   * Saves a skill; one that is there gets a new version.
   *
   * @throws {AirlockError} `invalid_request` for a name that code cannot use, `conflict` above 200 skills.
   */
  async put(
    owner: string,
    name: string,
    { code, description }: NewSkill,
    origin: SkillOrigin,
  ): Promise<SkillItem> {
    assertName(name);
    while (true) {
      const numbers = await this.#numbers(owner, name);
      if (numbers.length === 0) await this.#assertRoom(owner, name);
      const version = (numbers.at(-1) ?? 0) + 1;
      const at = new Date(this.#now()).toISOString();
      const saved: SkillVersion = { code, description, version, at, origin };
      const key = keys.version(owner, name, version);
      if (await writeLarge(this.#kv, key, JSON.stringify(saved), { check: null }) === undefined) {
        continue;
      }
      for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - maxVersions))) {
        await deleteLarge(this.#kv, keys.version(owner, name, old));
      }
      return toItem(name, saved);
    }
  }

  /** The latest version, or a certain one. */
  async get(owner: string, name: string, version?: number): Promise<SkillVersion | undefined> {
    const number = version ?? (await this.#numbers(owner, name)).at(-1);
    if (number === undefined) return undefined;
    const value = await readLarge(this.#kv, keys.version(owner, name, number));
    return value === undefined ? undefined : versionSchema.parse(JSON.parse(value.text()));
  }

  /** All versions that are kept, oldest first. */
  async versions(owner: string, name: string): Promise<SkillVersion[]> {
    const numbers = await this.#numbers(owner, name);
    const found = await Promise.all(numbers.map((number) => this.get(owner, name, number)));
    return found.filter((version) => version !== undefined);
  }

  /** The latest version of each, in order of name. */
  async list(owner: string): Promise<SkillItem[]> {
    const names = new Set<string>();
    for await (const { key } of this.#kv.list({ prefix: keys.all(owner) })) {
      names.add(z.string().parse(key[2]));
    }
    const found = await Promise.all([...names].map(async (name) => {
      const latest = await this.get(owner, name);
      return latest === undefined ? [] : [toItem(name, latest)];
    }));
    return found.flat();
  }

  /** Forgets a skill and its versions. Gives whether it was there. */
  async delete(owner: string, name: string): Promise<boolean> {
    const numbers = await this.#numbers(owner, name);
    for (const number of numbers) await deleteLarge(this.#kv, keys.version(owner, name, number));
    return numbers.length > 0;
  }

  /** Forgets all of an owner's. */
  async deleteAll(owner: string): Promise<void> {
    for await (const { key } of this.#kv.list({ prefix: keys.all(owner) })) {
      await deleteLarge(this.#kv, key);
    }
  }

  async #numbers(owner: string, name: string): Promise<number[]> {
    const entries = this.#kv.list({ prefix: keys.versions(owner, name) });
    return await Array.fromAsync(entries, ({ key }) => z.number().parse(key[3]));
  }

  async #assertRoom(owner: string, name: string): Promise<void> {
    if ((await this.list(owner)).length < maxSkills) return;
    throw new AirlockError(
      "conflict",
      `Cannot save "${name}": there are ${maxSkills} skills already`,
    );
  }
}

function assertName(name: string): void {
  if (namePattern.test(name) && !reserved.has(name)) return;
  const message = "must be an identifier that begins with a small letter, and no name of a method";
  const shown = JSON.stringify(name.slice(0, 64));
  throw new AirlockError("invalid_request", `Cannot save the skill ${shown}: its name ${message}`, {
    issues: [{ path: "name", message }],
  });
}

function toItem(name: string, { code: _, ...rest }: SkillVersion): SkillItem {
  return { name, signature: `skills.${name}(args?: any): Promise<any>`, ...rest };
}
