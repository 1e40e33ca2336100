/** Keeps a process that runs SQL: one request at a time, each within its time. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import type { SqlMessage, SqlRequest } from "../protocol/sql_messages.ts";
import type { SqlProcess } from "./sql_process.ts";

/** Options of a {@linkcode SqlEngine}. */
export interface SqlEngineOptions {
  /** Starts a process. */
  start(): SqlProcess;
  /** How long one request may take, milliseconds. @default {5000} */
  timeoutMs?: number;
  /** How long a process may take to start. @default {15000} */
  startMs?: number;
  /** What a process takes of the machine's memory, MiB. @default {nobody looks} */
  residentMb?(pid: number): number | undefined;
  /** Above this a process is ended. @default {640} */
  maxResidentMb?: number;
  /** Bytes of databases that are held at once; the least recently used make place. @default {67108864} */
  heldBytes?: number;
}

/** A database that the process holds. */
interface Held {
  /** The version it was loaded from, or that was committed since. */
  version: string | null;
  bytes: number;
}

/** A request that has an answer. */
type Question = Exclude<SqlRequest, { type: "close" }>;
/** What came of one. */
type Answer = SqlMessage | "timed_out" | "ended";

const log = logger("sql");

/** Databases that are held at once, however small they are. */
const maxHeld = 200;
/** How often a process that is at work is looked at, milliseconds. */
const watchMs = 50;
/** What even an empty database takes. */
const leastBytes = 65_536;

/** Runs SQL in a process that starts when it is needed, and again when it ended. */
export class SqlEngine implements AsyncDisposable {
  readonly #options: Required<SqlEngineOptions>;
  /** Least recently used first. */
  readonly #held = new Map<string, Held>();
  #process: SqlProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isOpen = true;

  /** Starts nothing yet. */
  constructor(options: SqlEngineOptions) {
    const { start, timeoutMs = 5_000, startMs = 15_000, heldBytes = 64 << 20 } = options;
    const { residentMb = () => undefined, maxResidentMb = 640 } = options;
    this.#options = { start, timeoutMs, startMs, residentMb, maxResidentMb, heldBytes };
  }

  /** Whether the process holds a database at this version. */
  holds(db: string, version: string | null): boolean {
    return this.#process?.isAlive === true && this.#held.get(db)?.version === version;
  }

  /** Says at which version a database is that the process holds, and how large. */
  keep(db: string, version: string | null, bytes: number): void {
    this.#held.delete(db);
    this.#held.set(db, { version, bytes: bytes + leastBytes });
    let all = this.#held.values().reduce((sum, held) => sum + held.bytes, 0);
    for (const [oldest, held] of this.#held) {
      if (oldest === db) return;
      if (all <= this.#options.heldBytes && this.#held.size <= maxHeld) return;
      all -= held.bytes;
      this.forget(oldest);
    }
  }

  /** The process forgets a database. */
  forget(db: string): void {
    if (this.#held.delete(db)) this.#process?.tell({ type: "close", db });
  }

  /**
   * Asks, in turn.
   *
   * @throws {AirlockError} `unavailable` where no process starts, or this is closed.
   */
  ask(question: Question): Promise<Answer> {
    const answer = this.#turn.then(() => this.#ask(question));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    this.#process?.kill();
    await this.#turn;
    await this.#process?.exit;
  }

  async #ask(question: Question): Promise<Answer> {
    const process = await this.#ready();
    const watch = setInterval(() => this.#watch(process), watchMs);
    const asked = process.ask(question).finally(() => clearInterval(watch));
    const answer = await within(asked, this.#options.timeoutMs);
    if (answer === "timed_out" || answer === undefined) await this.#end(process);
    return answer ?? "ended";
  }

  /** V8 bounds its own heap, SQLite bounds its; bytes on their way from one to the other nobody. */
  #watch(process: SqlProcess): void {
    const residentMb = this.#options.residentMb(process.pid) ?? 0;
    if (residentMb > this.#options.maxResidentMb) process.kill();
  }

  async #ready(): Promise<SqlProcess> {
    if (!this.#isOpen) throw new AirlockError("unavailable", "Cannot run SQL: it is shutting down");
    if (this.#process?.isAlive) return this.#process;
    this.#held.clear();
    const process = this.#options.start();
    this.#process = process;
    if (await within(process.ready, this.#options.startMs) === true) return process;
    await this.#end(process);
    log.warn("sql process did not start");
    throw new AirlockError("unavailable", "Cannot run SQL: its process does not start");
  }

  async #end(process: SqlProcess): Promise<void> {
    this.#held.clear();
    process.kill();
    await process.exit;
  }
}

/** What a promise gives, or `timed_out` where it gives nothing in time. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | "timed_out"> {
  const { promise: over, resolve } = Promise.withResolvers<"timed_out">();
  const timer = setTimeout(() => resolve("timed_out"), ms);
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
