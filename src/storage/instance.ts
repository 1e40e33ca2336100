/** This process among the servers of one KV: its heartbeat shows the others that it is alive. @module */

import { z } from "zod";

/** Options of {@linkcode Instance.open}. */
export interface InstanceOptions {
  /** Where the other servers reach this one. @default {nowhere} */
  url?: string;
  /** No other process uses the KV now: what others left is of dead ones. @default {false} */
  exclusive?: boolean;
  /**
   * How long others count it as alive after a heartbeat, milliseconds. It gives itself up a
   * fifth earlier, which is how far the clocks of the servers may differ. @default {15000}
   */
  ttlMs?: number;
  /** Told why a heartbeat was not written; the next may be. @default {nobody is told} */
  onFailure?: (error: unknown) => void;
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** A server as its row shows it. */
export interface FoundInstance {
  /** The row, to be checked in a commit that counts on what it says. */
  readonly entry: Deno.KvEntryMaybe<unknown>;
  /** Its heartbeat is not too old. */
  readonly isAlive: boolean;
  /** Where it is reached. */
  readonly url?: string;
}

const keys = {
  instance: (id: string) => ["instance", id],
  all: ["instance"],
};

const rowSchema = z.object({
  expiresAt: z.number(),
  url: z.url({ protocol: /^https?$/ }).max(2_048).optional(),
});

/** How long the row of a dead server lies there, milliseconds. */
const rowMs = 24 * 60 * 60 * 1_000;
/** How long the row may take to go at the end; a remote KV that is away is asked for ever. */
const leaveMs = 2_000;

/** A server process. What it owns is others' to take once its heartbeat stops. */
export class Instance implements AsyncDisposable {
  /** Names this process and no other, before or after it. */
  readonly id: string = `srv_${crypto.randomUUID()}`;
  readonly #kv: Deno.Kv;
  readonly #options: Required<Omit<InstanceOptions, "url">>;
  readonly #lost = new AbortController();
  #url: string | undefined;
  #renewedAt: number;
  #renewing: Promise<void> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  private constructor(kv: Deno.Kv, { url, ...options }: InstanceOptions) {
    this.#kv = kv;
    this.#url = url;
    this.#options = {
      exclusive: false,
      ttlMs: 15_000,
      onFailure: () => {},
      now: Date.now,
      ...options,
    };
    this.#renewedAt = this.#options.now();
  }

  /** Enters this process; rejects where the KV does not take it. */
  static async open(kv: Deno.Kv, options: InstanceOptions = {}): Promise<Instance> {
    const instance = new Instance(kv, options);
    const { exclusive, ttlMs } = instance.#options;
    if (exclusive) {
      for await (const { key } of kv.list({ prefix: keys.all })) await kv.delete(key);
      return instance;
    }
    await instance.#write();
    instance.#beat = setInterval(() => void instance.renew(), ttlMs / 5);
    return instance;
  }

  /** No other process uses the KV. */
  get isExclusive(): boolean {
    return this.#options.exclusive;
  }

  /** How long others count it as alive after a heartbeat, milliseconds. */
  get ttlMs(): number {
    return this.#options.ttlMs;
  }

  /** Fires where it could not show in time that it is alive: it owns nothing any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Says where the other servers reach this one. */
  async setUrl(url: string): Promise<void> {
    this.#url = url;
    if (!this.isExclusive) await this.#write();
  }

  /** Whether a server's heartbeat is not too old. */
  async isAlive(id: string): Promise<boolean> {
    return (await this.find(id)).isAlive;
  }

  /** A server's row, and what it says. */
  async find(id: string): Promise<FoundInstance> {
    const entry = await this.#kv.get(keys.instance(id));
    const row = rowSchema.safeParse(entry.value).data;
    const isAlive = id === this.id
      ? !this.lost.aborted
      : row !== undefined && row.expiresAt > this.#options.now();
    return { entry, isAlive, url: row?.url };
  }

  /** One heartbeat; the timer gives it by itself. Never rejects: the next may succeed. */
  renew(): Promise<void> {
    this.#assertInTime();
    if (this.lost.aborted || this.isExclusive) return Promise.resolve();
    // A remote KV that is away makes a write wait, and answers it when it is back.
    return this.#renewing ??= this.#write()
      .catch((error) => this.#options.onFailure(error))
      .finally(() => this.#renewing = undefined);
  }

  /** Takes this process out: what it owned is free at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat);
    await this.#patiently(this.#renewing);
    clearTimeout(this.#deadline);
    if (this.isExclusive || this.lost.aborted) return;
    this.#lost.abort(new Error("The server has ended"));
    await this.#patiently(this.#kv.delete(keys.instance(this.id)));
  }

  async #write(): Promise<void> {
    const { now, ttlMs } = this.#options;
    const at = now();
    const url = this.#url;
    const row = { expiresAt: at + ttlMs, ...(url !== undefined && { url }) };
    await this.#kv.set(keys.instance(this.id), row, { expireIn: rowMs });
    this.#renewedAt = Math.max(this.#renewedAt, at);
    this.#assertInTime();
    clearTimeout(this.#deadline);
    if (!this.lost.aborted) {
      this.#deadline = setTimeout(() => this.#lose(), this.#renewedAt + this.#leaseMs - now());
    }
  }

  get #leaseMs(): number {
    return this.#options.ttlMs * 0.8;
  }

  #assertInTime(): void {
    const isInTime = this.#options.now() < this.#renewedAt + this.#leaseMs;
    if (!isInTime && !this.isExclusive) this.#lose();
  }

  #lose(): void {
    if (this.lost.aborted) return;
    clearInterval(this.#beat);
    clearTimeout(this.#deadline);
    this.#lost.abort(new Error("The database did not take the server's heartbeat in time"));
  }

  async #patiently(work: Promise<unknown> | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, leaveMs);
    await Promise.race([promise, Promise.allSettled([work])]);
    clearTimeout(timer);
  }
}
