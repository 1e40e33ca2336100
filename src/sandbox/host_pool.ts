/** Hosts, started ahead of need; each belongs to one principal from its first run on. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { processUsage } from "./process_usage.ts";
import type { Host } from "./host_process.ts";
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
  readonly #members = new Set<Member>();
  readonly #idle: Member[] = [];
  #isOpen = true;

  constructor(deps: HostPoolDeps, options: HostPoolOptions) {
    this.#deps = deps;
    this.#options = { idleMs: 60_000, ...options };
    this.#refill();
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
    const member = await this.#take(principal);
    return new Promise((resolve) => {
      const onEnd = (outcome: SandboxOutcome) => {
        this.#giveBack(member, outcome.isClean);
        resolve(outcome);
      };
      runInHost(member.host, run, listener, { watchdog: this.#watchdog, onEnd });
    });
  }

  /** Ends all hosts, those at work too. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
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
        member.runs++;
        return member;
      } catch (cause) {
        if (member.runs > 0 || tries < maxTries) continue;
        const message = "Cannot start a sandbox: its host ended";
        throw new AirlockError("sandbox_crashed", message, { cause });
      }
    }
  }

  /** A host that is ready, the principal's own before one that is nobody's; else one that will be. */
  #choose(principal: string): Member {
    const own = this.#idle.filter((member) => member.principal === principal);
    const free = this.#idle.filter((member) => member.principal === undefined);
    const member = [...own, ...free].find(({ isReady }) => isReady) ?? own[0] ?? free[0] ??
      this.#start();
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
    const kill = () => host.kill();
    const ready = setTimeout(kill, readyMs);
    const closed = closesWithinMs === undefined ? undefined : setTimeout(kill, closesWithinMs);
    host.listener = {
      message({ type }) {
        if (type === "closed") clearTimeout(closed);
        if (type !== "idle") return;
        member.isReady = true;
        resolve();
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
    if (this.#idle.length > this.#options.maxIdle) this.#retire(this.#idle[0]);
    else this.#refill();
  }

  /** What earlier runs left in memory is taken from the next one's share. */
  #isBloated({ pid }: Host): boolean {
    const usage = pid === undefined ? undefined : processUsage(pid);
    return usage !== undefined && usage.residentMb > this.#options.maxIdleMb;
  }

  #retire(member: Member): void {
    this.#end(member);
    this.#refill();
  }

  #end(member: Member): void {
    this.#forget(member);
    member.host.kill();
  }

  #forget(member: Member): void {
    this.#members.delete(member);
    this.#leaveIdle(member);
  }

  #leaveIdle(member: Member): void {
    clearTimeout(member.idleTimer);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  #refill(): void {
    if (!this.#isOpen) return;
    const free = this.#idle.filter((member) => member.principal === undefined).length;
    for (let missing = this.#options.warm - free; missing > 0; missing--) {
      this.#idle.push(this.#start());
    }
  }
}
