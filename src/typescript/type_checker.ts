/** Type-checks code in a process of its own, which is ended where it takes too long. @module */

import type { CheckerMessage, Finding } from "../protocol/checker_messages.ts";
import { hashText } from "../hashing/hash_json.ts";
import { logger } from "../log/log.ts";
import type { CheckerProcess } from "./checker_process.ts";

/** What code is checked against. */
export interface Declarations {
  /** Tells declarations apart: equal keys, equal texts. */
  key: string;
  /** Ambient declarations of all that code sees, but for what every guest has. */
  text(): string;
  /** Namespaces that have tools which the declarations leave out. */
  open: string[];
}

/** What came of a check: findings, or the reason why there is none. */
export type Checked = { findings: Finding[] } | { unchecked: string };

/** Checks types. Never rejects: what it cannot check, it says so. */
export interface TypeChecker extends AsyncDisposable {
  /** Checks code against declarations; an abort ends the waiting. */
  check(code: string, declarations: Declarations, signal?: AbortSignal): Promise<Checked>;
}

/** Options of {@linkcode ProcessTypeChecker}. */
export interface ProcessTypeCheckerOptions {
  /** Starts a process. */
  start(): CheckerProcess | Promise<CheckerProcess>;
  /** How long one check may take, milliseconds. @default {1500} */
  deadlineMs?: number;
  /** How long a check waits for its turn, and for a process that starts again. @default {3000} */
  waitMs?: number;
  /** How long a check waits for the first process. @default {10000} */
  firstWaitMs?: number;
  /** How long a process may take to start or to read declarations. @default {15000} */
  startMs?: number;
  /** Sets of declarations that are kept. @default {4} */
  maxDeclarations?: number;
}

const log = logger("typescript");

/** Checks that are remembered, and those that ended the process above all. */
const maxRemembered = 500;
/** So many processes in a row may fail to start before there are no more checks. */
const maxFailures = 3;

const cancelled = "the run was cancelled";
const late = Symbol("late");

/** One process and the declarations it holds, least recently used first. */
interface Member {
  process: CheckerProcess;
  held: Map<string, Promise<boolean>>;
}

/** A {@linkcode TypeChecker} that keeps one process, and starts the next one when it ends. */
export class ProcessTypeChecker implements TypeChecker {
  readonly #options: Required<ProcessTypeCheckerOptions>;
  readonly #remembered = new Map<string, Checked>();
  #member: Promise<Member | undefined>;
  #process: CheckerProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #hasAnswered = false;
  #isOpen = true;

  /** Starts the first process. */
  constructor(options: ProcessTypeCheckerOptions) {
    const { start, deadlineMs = 1_500, waitMs = 3_000, firstWaitMs = 10_000 } = options;
    const { startMs = 15_000, maxDeclarations = 4 } = options;
    this.#options = { start, deadlineMs, waitMs, firstWaitMs, startMs, maxDeclarations };
    this.#member = this.#start();
  }

  /** {@inheritDoc TypeChecker.check} */
  async check(code: string, declarations: Declarations, signal?: AbortSignal): Promise<Checked> {
    const hash = hashText(`${declarations.key}\n${code}`);
    const known = this.#remembered.get(hash);
    if (known !== undefined) return known;
    if (signal?.aborted) return { unchecked: cancelled };
    const aborted = Promise.withResolvers<Checked>();
    const abort = () => aborted.resolve({ unchecked: cancelled });
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#checkInTurn(code, declarations, hash), aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    this.#process?.kill();
    await this.#member;
    this.#process?.kill();
    await this.#process?.exit;
    await this.#turn;
  }

  async #checkInTurn(code: string, declarations: Declarations, hash: string): Promise<Checked> {
    const { waitMs, firstWaitMs } = this.#options;
    const giveUpAt = performance.now() + (this.#hasAnswered ? waitMs : firstWaitMs);
    const before = this.#turn;
    const own = Promise.withResolvers<void>();
    this.#turn = before.then(() => own.promise);
    try {
      if (await within(before, giveUpAt) === late) return { unchecked: "the checker is busy" };
      const member = await within(this.#member, giveUpAt);
      if (member === late) return { unchecked: "the checker is starting" };
      if (member === undefined) return { unchecked: "the checker cannot be started" };
      const declared = await within(this.#declare(member, declarations), giveUpAt);
      if (declared !== true) return { unchecked: "the checker is reading the tools" };
      return await this.#ask(member, code, declarations.key, hash);
    } finally {
      own.resolve();
    }
  }

  async #ask({ process }: Member, code: string, key: string, hash: string): Promise<Checked> {
    const giveUpAt = performance.now() + this.#options.deadlineMs;
    const answer = await within(process.ask({ type: "check", key, code }), giveUpAt);
    if (answer === late) this.#replace(process);
    const checked = this.#read(answer);
    this.#remember(hash, checked);
    this.#hasAnswered = true;
    return checked;
  }

  #read(answer: CheckerMessage | undefined | typeof late): Checked {
    if (answer === late) return { unchecked: "its types take too long" };
    switch (answer?.type) {
      case "checked":
        return { findings: answer.findings };
      case "unreadable":
        return { unchecked: "it is nested too deeply" };
      default:
        return { unchecked: "its types take too much memory" };
    }
  }

  /** Hands declarations over, once; the least recently used ones make place. */
  #declare({ process, held }: Member, { key, text, open }: Declarations): Promise<boolean> {
    const declared = held.get(key) ?? this.#sendDeclarations(process, key, text(), open);
    held.delete(key);
    held.set(key, declared);
    const [oldest] = held.keys();
    if (held.size > this.#options.maxDeclarations) {
      held.delete(oldest);
      process.tell({ type: "forget", key: oldest });
    }
    return declared;
  }

  async #sendDeclarations(
    process: CheckerProcess,
    key: string,
    declarations: string,
    open: string[],
  ): Promise<boolean> {
    const giveUpAt = performance.now() + this.#options.startMs;
    const asked = process.ask({ type: "declare", key, declarations, open });
    const answer = await within(asked, giveUpAt);
    if (answer === late) this.#replace(process);
    return answer !== late && answer?.type === "declared";
  }

  #remember(hash: string, checked: Checked): void {
    if (!this.#isOpen) return;
    this.#remembered.set(hash, checked);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered) this.#remembered.delete(oldest);
  }

  /** The next process takes the place of one that ended or must end. */
  #replace(process: CheckerProcess): void {
    process.kill();
    if (this.#process !== process || !this.#isOpen) return;
    this.#process = undefined;
    this.#member = this.#start();
  }

  async #start(): Promise<Member | undefined> {
    try {
      const process = await this.#options.start();
      this.#process = process;
      if (!this.#isOpen) return undefined;
      const isReady = await within(process.ready, performance.now() + this.#options.startMs);
      if (isReady !== true) throw new Error("The checker ended before it was ready");
      this.#failures = 0;
      process.exit.then(() => this.#replace(process));
      return { process, held: new Map() };
    } catch (error) {
      this.#process?.kill();
      await this.#process?.exit;
      if (!this.#isOpen) return undefined;
      log.warn("checker did not start", { error });
      return ++this.#failures < maxFailures ? await this.#start() : undefined;
    }
  }
}

/** What a promise gives, or `late` where it gives nothing in time. */
async function within<T>(promise: Promise<T>, giveUpAt: number): Promise<T | typeof late> {
  const { promise: over, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), Math.max(0, giveUpAt - performance.now()));
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
