/** Hosts, started ahead of need; each belongs to one principal from its first run on. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Host } from "./host_process.ts";
import { IdleWatch } from "./idle_watch.ts";
import { processUsage } from "./process_usage.ts";
import {
  runInHost,
  type SandboxListener,
  type SandboxOutcome,
  type SandboxRun,
} from "./run_in_host.ts";
import { Watchdog } from "./watchdog.ts";

/** What a {@linkcode HostPool} needs. */
export interface HostPoolDeps {
  /** Starts a host. It says `idle` when it is ready. */
  start(): Host;
}

/** How many hosts there may be, and how long each serves. */
export interface HostPoolOptions {
  /** Hosts kept ready that belong to nobody yet. */
  warm: number;
  /** Idle hosts that are kept, whoever they belong to. */
  maxIdle: number;
  /** Runs one host may serve after its first. */
  reuse: number;
  /** Resident memory up to which a host is used again, MiB. */
  maxIdleMb: number;
  /** After how long an idle host is given up. @default {60000} */
  idleMs?: number;
  /**
   * Hosts of one principal that may get ready at once before it is given more:
   * beyond the machine's cores, each one more makes all of them slower.
   * @default {cores, at least 2}
   */
  maxRenewing?: number;
  /** Between two looks at what idle hosts use. @default {3000} */
  idleLookMs?: number;
  /** How long after a run hosts are started ahead, out of the answer's way. @default {50} */
  refillDelayMs?: number;
}

/** A host and what the pool knows of it. */
interface Member {
  host: Host;
  principal?: string;
  runs: number;
  /** Resolves when it is ready for a run; rejects when it never will be. */
  ready: Promise<void>;
  isReady: boolean;
  idleTimer?: ReturnType<typeof setTimeout>;
  /** Looks whether it stands still while it is idle. */
  idleWatch?: Disposable;
}

/** How long a host has to put an end to its run's code, once that code has ended. */
const closeMs = 150;
/** How many new hosts may fail to start before a run is given up. */
const maxTries = 3;
/** How long a host may take to become ready. */
const readyMs = 10_000;

/** Keeps hosts warm, hands them out, and ends those that did not end cleanly. */
export class HostPool {
  readonly #deps: HostPoolDeps;
  readonly #options: Required<HostPoolOptions>;
  readonly #watchdog = new Watchdog();
  readonly #idleWatch: IdleWatch;
  readonly #members = new Set<Member>();
  readonly #idle: Member[] = [];
  #refilling: ReturnType<typeof setTimeout> | undefined;
  #isOpen = true;

  /** Begins to warm hosts at once. */
  constructor(deps: HostPoolDeps, options: HostPoolOptions) {
    this.#deps = deps;
    const maxRenewing = Math.max(2, navigator.hardwareConcurrency);
    this.#options = {
      idleMs: 60_000,
      maxRenewing,
      idleLookMs: 3_000,
      refillDelayMs: 50,
      ...options,
    };
    this.#idleWatch = new IdleWatch({ pauseMs: this.#options.idleLookMs });
    while (this.#missing > 0) this.#idle.push(this.#start());
  }

  /** Resolves when the hosts that are kept warm are ready; rejects where none can be started. */
  async ready(): Promise<void> {
    await Promise.all(this.#idle.map((member) => member.ready));
  }

  /** How many hosts there are, and how many of them are idle. */
  get size(): { hosts: number; idle: number } {
    return { hosts: this.#members.size, idle: this.#idle.length };
  }

  /**
   * Runs code in a host of the principal's.
   *
   * @throws {AirlockError} `sandbox_crashed` where no host can be started.
   */
  async run(
    principal: string,
    run: SandboxRun,
    listener: SandboxListener,
  ): Promise<SandboxOutcome> {
    const askedAt = performance.now();
    const member = await this.#take(principal);
    const waitedMs = performance.now() - askedAt;
    return new Promise((resolve) => {
      const onEnd = (outcome: SandboxOutcome) => {
        this.#giveBack(member, outcome.isClean);
        resolve(outcome);
      };
      runInHost(member.host, run, listener, { watchdog: this.#watchdog, waitedMs, onEnd });
    });
  }

  /** Ends all hosts, those at work too. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    clearTimeout(this.#refilling);
    const members = [...this.#members];
    members.forEach((member) => this.#end(member));
    await Promise.all(members.map(({ host }) => host.exit));
  }

  /** A host that is ready. One of those at hand may turn out dead; then the next is taken. */
  async #take(principal: string): Promise<Member> {
    for (let tries = 1;; tries++) {
      const member = this.#choose(principal);
      try {
        await member.ready;
        // What it said next, in the same breath, may have cost it its place.
        if (!member.isReady) throw new Error("The host spoke while it was idle");
        member.idleWatch?.[Symbol.dispose]();
        member.runs++;
        return member;
      } catch (cause) {
        if (member.runs > 0 || tries < maxTries) continue;
        const message = "Cannot start a sandbox: its host ended";
        throw new AirlockError("sandbox_crashed", message, { cause });
      }
    }
  }

  /**
   * A host that is ready, the principal's own before one that is nobody's; else
   * one that will be. A principal that has enough hosts on their way waits for
   * the first of them: renewing one takes a fraction of what starting one does.
   */
  #choose(principal: string): Member {
    const own = this.#idle.filter((member) => member.principal === principal);
    const free = this.#idle.filter((member) => member.principal === undefined);
    const takeable = own.length < this.#options.maxRenewing ? [...own, ...free] : own;
    const member = takeable.find(({ isReady }) => isReady) ?? takeable[0] ?? this.#start();
    this.#leaveIdle(member);
    member.principal = principal;
    return member;
  }

  #start(): Member {
    const host = this.#deps.start();
    const member: Member = { host, runs: 0, isReady: false, ready: Promise.resolve() };
    this.#awaitIdle(member);
    this.#members.add(member);
    host.exit.then(() => this.#forget(member));
    return member;
  }

  /** Makes `ready` wait until the host says `idle`; one that takes too long is killed. */
  #awaitIdle(member: Member, closesWithinMs?: number): void {
    const { host } = member;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let isGivenUp = false;
    const giveUp = () => {
      isGivenUp = true;
      member.isReady = false;
      this.#retire(member);
    };
    const ready = setTimeout(giveUp, readyMs);
    const closed = closesWithinMs === undefined ? undefined : setTimeout(giveUp, closesWithinMs);
    let isClosed = closesWithinMs === undefined;
    host.listener = {
      message: ({ type }) => {
        // What is in the pipe of a host that is killed does not bring it back.
        if (isGivenUp) return;
        if (!isClosed) {
          // What the code said on its way out is still in the pipe, and goes nowhere.
          isClosed = type === "closed";
          if (isClosed) clearTimeout(closed);
        } else if (type === "idle" && !member.isReady) {
          member.isReady = true;
          // One that ran nothing yet is as large as this system makes it.
          const maxMb = member.runs === 0 ? Infinity : this.#options.maxIdleMb;
          member.idleWatch = this.#idleWatch.watch(host.pid, maxMb, giveUp);
          resolve();
        } else giveUp();
      },
      exited: () => reject(new Error("The host ended before it was ready")),
    };
    member.isReady = false;
    member.ready = promise.finally(() => [ready, closed].forEach(clearTimeout));
    // Whoever takes it waits for it; one that dies before that is simply forgotten.
    member.ready.catch(() => undefined);
  }

  #giveBack(member: Member, isClean: boolean): void {
    const { host, runs } = member;
    if (!isClean || !this.#isOpen || runs > this.#options.reuse || this.#isBloated(host)) {
      return this.#retire(member);
    }
    this.#awaitIdle(member, closeMs);
    this.#idle.push(member);
    member.idleTimer = setTimeout(() => this.#retire(member), this.#options.idleMs);
    const owned = this.#idle.filter(({ principal }) => principal !== undefined);
    if (owned.length > this.#options.maxIdle) this.#end(owned[0]);
    this.#refillSoon();
  }

  /** What earlier runs left in memory is taken from the next one's share. */
  #isBloated({ pid }: Host): boolean {
    const usage = pid === undefined ? undefined : processUsage(pid);
    return usage !== undefined && usage.residentMb > this.#options.maxIdleMb;
  }

  #retire(member: Member): void {
    this.#end(member);
    this.#refillSoon();
  }

  #end(member: Member): void {
    this.#forget(member);
    member.host.kill();
  }

  #forget(member: Member): void {
    this.#members.delete(member);
    member.idleWatch?.[Symbol.dispose]();
    this.#leaveIdle(member);
  }

  #leaveIdle(member: Member): void {
    clearTimeout(member.idleTimer);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  /** How many of the hosts that are kept ready for anybody are not there. */
  get #missing(): number {
    const free = this.#idle.filter((member) => member.principal === undefined).length;
    return this.#options.warm - free;
  }

  /** Starts what is missing, one host after the other, once the run that ended has its answer. */
  #refillSoon(): void {
    if (!this.#isOpen || this.#refilling !== undefined || this.#missing <= 0) return;
    this.#refilling = setTimeout(() => void this.#refill(), this.#options.refillDelayMs);
  }

  async #refill(): Promise<void> {
    const member = this.#start();
    this.#idle.push(member);
    await Promise.allSettled([member.ready]);
    this.#refilling = undefined;
    this.#refillSoon();
  }
}
