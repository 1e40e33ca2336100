/** All agents: made, asked, watched, forgotten. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import type { Schedules } from "../schedules/schedules.ts";
import type { Page, PageOptions } from "../runs/run_service.ts";
import type { ActorDeps } from "./agent_actor.ts";
import { startAlarms } from "./alarms.ts";
import type { AgentDefinition } from "./agent_definition.ts";
import { type AgentId, ownerOf, parseAgentName } from "./agent_name.ts";
import { AgentStore, type StoredAgent } from "./agent_store.ts";
import { type AgentView, toView } from "./agent_view.ts";
import { followAgent } from "./follow_agent.ts";
import { History, type Message } from "./history.ts";
import { type AgentEvent, LiveEvents } from "./live_events.ts";
import { Mailbox, type Outcome, type Posted } from "./mailbox.ts";
import type { Also } from "./rows.ts";
import type { Ownership } from "../storage/ownership.ts";
import { StateDocuments, type StateVersion } from "./state_document.ts";
import { StepStore } from "./turn_steps.ts";
import { orPause, workAsOwner } from "./work_as_owner.ts";

const log = logger("agent");

/** Agents that are awake at once; others wait their turn. */
const maxAwake = 64;

/** What {@linkcode Agents} need. */
export interface AgentsDeps
  extends Pick<ActorDeps, "model" | "runs" | "principalOf" | "search" | "catalog" | "now"> {
  /** Where all of it lies. */
  kv: Deno.Kv;
  /** Which server has which agent. @default {this one has them all} */
  ownership?: Pick<Ownership, "claim">;
  /** Their alarms. @default {there are none} */
  schedules?: Pick<Schedules, "start">;
  /** Other things that agents keep, each under the owner of the agent. */
  stores: readonly { deleteAll(owner: string): Promise<void> }[];
}

/** A message that was taken in. */
export interface SentMessage {
  /** Identifies it. */
  readonly id: string;
  /** What came of it; `undefined` where it goes on, as the signal fired or a person is asked. */
  outcome(signal: AbortSignal): Promise<Outcome | undefined>;
  /** The same, without waiting. */
  outcomeSoFar(): Promise<Outcome | undefined>;
}

interface Awake {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  /** A letter came while it was about to sleep. */
  isCalled: boolean;
}

/** The service behind `/v1/agents`. What belongs to another principal is `not_found`. */
export class Agents implements AsyncDisposable {
  /** What agents keep as JSON. */
  readonly states: StateDocuments;
  readonly #deps: AgentsDeps & ActorDeps;
  readonly #awake = new Map<string, Awake>();
  readonly #queue: AgentId[] = [];
  #isOpen = true;

  /** With all asleep. */
  constructor(deps: AgentsDeps) {
    const { kv, now } = deps;
    const store = new AgentStore(kv, now);
    this.states = new StateDocuments(kv);
    this.#deps = {
      ...deps,
      store,
      history: new History(kv),
      mailbox: new Mailbox(kv, store, now),
      steps: new StepStore(kv),
      events: new LiveEvents(),
    };
  }

  /** Wakes those that have letters since before a restart. */
  async recover(): Promise<void> {
    await startAlarms(this.#deps, (id, content, options) => this.#post(id, content, options));
    for await (const id of this.#deps.mailbox.waiting()) this.wake(id);
  }

  /** Makes an agent, or gives it a new definition. */
  async put(name: string, definition: AgentDefinition, principal: Principal): Promise<AgentView> {
    const id = idOf(name, principal);
    return await this.#view(id, await this.#deps.store.put(id, definition));
  }

  /** One agent. @throws {AirlockError} `not_found`. */
  async get(name: string, principal: Principal): Promise<AgentView> {
    const id = idOf(name, principal);
    return await this.#view(id, await this.#deps.store.get(id));
  }

  /** Those of a principal, in order of name. */
  async list(principal: Principal, options?: PageOptions): Promise<Page<AgentView>> {
    const { items, ...rest } = await this.#deps.store.list(principal.name, options);
    return {
      items: await Promise.all(items.map(({ id, agent }) => this.#view(id, agent))),
      ...rest,
    };
  }

  /** Under which owner an agent's things lie. @throws {AirlockError} `not_found`. */
  async owner(name: string, principal: Principal): Promise<string> {
    const id = idOf(name, principal);
    await this.#deps.store.get(id);
    return ownerOf(id);
  }

  /** Forgets an agent and all that it kept; its work is stopped. @throws {AirlockError} `not_found`. */
  async delete(name: string, principal: Principal): Promise<void> {
    const id = idOf(name, principal);
    const owner = ownerOf(id);
    const { store, history, mailbox, steps, stores } = this.#deps;
    await store.get(id);
    await store.delete(id);
    const awake = this.#awake.get(owner);
    awake?.stop.abort();
    await awake?.done;
    await Promise.all([
      history.deleteAll(owner),
      mailbox.deleteAll(id),
      steps.deleteAll(owner),
      this.states.deleteAll(owner),
      ...stores.map((kept) => kept.deleteAll(owner)),
    ]);
    await store.delete(id);
  }

  /**
   * Sends a message. It is stored when this resolves; whoever sent it may go.
   *
   * @throws {AirlockError} `not_found`, `queue_full`, `key_reused` or `shutting_down`.
   */
  async send(
    name: string,
    content: string,
    principal: Principal,
    options: { key?: string } = {},
  ): Promise<SentMessage> {
    const id = idOf(name, principal);
    const posted = await this.#post(id, content, options);
    return {
      id: posted.id,
      outcome: (signal) => this.#outcome(id, posted, signal),
      outcomeSoFar: () => this.#finished(ownerOf(id), posted.number),
    };
  }

  /** A page of its history, oldest first. */
  async messages(
    name: string,
    principal: Principal,
    { limit = 100, cursor }: { limit?: number; cursor?: string } = {},
  ): Promise<Page<Message>> {
    const owner = await this.owner(name, principal);
    const after = cursor === undefined ? 0 : Number(cursor);
    const rows = await this.#deps.history.messages.list(owner, { after, limit });
    const items = rows.map(({ row }) => row);
    return items.length < limit ? { items } : { items, cursor: String(rows.at(-1)?.number) };
  }

  /** Changes the state, and tells those who watch. */
  async patchState(
    name: string,
    patch: Json,
    principal: Principal,
    versions?: readonly string[],
  ): Promise<StateVersion> {
    const id = idOf(name, principal);
    await this.#deps.store.get(id);
    const changed = await this.states.patch(ownerOf(id), patch, versions);
    const { tally } = await this.#deps.store.tally(id);
    const { value: state, version } = changed;
    this.#deps.events.emit(ownerOf(id), { type: "state", state, version }, tally.messages);
    return changed;
  }

  /** What happens to an agent: from now on, or from a cursor on. @throws {AirlockError} `not_found`. */
  async follow(
    name: string,
    principal: Principal,
    options: { cursor?: string; signal: AbortSignal },
  ): Promise<AsyncGenerator<AgentEvent>> {
    const owner = await this.owner(name, principal);
    return followAgent(owner, this.#deps, options);
  }

  /** Sees to it that an agent takes its letters. */
  wake(id: AgentId): void {
    if (!this.#isOpen) return;
    const owner = ownerOf(id);
    const awake = this.#awake.get(owner);
    if (awake !== undefined) awake.isCalled = true;
    else if (this.#awake.size < maxAwake) this.#start(id);
    else if (!this.#queue.some((waiting) => ownerOf(waiting) === owner)) this.#queue.push(id);
  }

  /** Puts all to sleep; what they were at goes on after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    const awake = [...this.#awake.values()];
    for (const { stop } of awake) stop.abort();
    await Promise.all(awake.map(({ done }) => done));
    this.#deps.events.close();
  }

  async #post(
    id: AgentId,
    content: string,
    { key, also }: { key?: string; also?: Also },
  ): Promise<Posted> {
    if (!this.#isOpen) {
      const message = "Cannot send the message: the server is shutting down";
      throw new AirlockError("shutting_down", message);
    }
    const posted = await this.#deps.mailbox.post(id, content, key, also);
    this.wake(id);
    return posted;
  }

  #start(id: AgentId): void {
    const owner = ownerOf(id);
    const stop = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const awake: Awake = { stop, done, isCalled: false };
    this.#awake.set(owner, awake);
    workAsOwner(id, this.#deps, stop.signal).catch((error) => {
      if (!stop.signal.aborted) log.error("agent stopped", { agent: id.name, error });
    }).finally(() => {
      this.#awake.delete(owner);
      this.#deps.events.rest(owner, true);
      if (awake.isCalled && !stop.signal.aborted) this.wake(id);
      const next = this.#queue.shift();
      if (next !== undefined) this.wake(next);
      resolve();
    });
  }

  async #outcome(
    id: AgentId,
    { id: message, number }: Posted,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const owner = ownerOf(id);
    const over = new AbortController();
    const events = this.#deps.events.watch(owner, AbortSignal.any([signal, over.signal]));
    try {
      let next = events.next();
      while (true) {
        const outcome = await this.#finished(owner, number);
        if (outcome !== undefined || signal.aborted) return outcome;
        // Where another server has the agent, nothing is told here.
        const told = await orPause(next, signal);
        if (told === undefined) continue;
        const { value, done } = told;
        if (done) return signal.aborted ? undefined : await this.#finished(owner, number);
        const isWaiting = value.type === "run" && value.message === message &&
          value.status === "waiting";
        if (isWaiting) return undefined;
        next = events.next();
      }
    } finally {
      over.abort();
      await events.return(undefined);
    }
  }

  /** What came of a message, once its reply is in the history too. */
  async #finished(owner: string, number: number): Promise<Outcome | undefined> {
    const { letters, outcomes } = this.#deps.mailbox;
    if (await letters.read(owner, number) !== undefined) return undefined;
    return await outcomes.read(owner, number);
  }

  async #view(id: AgentId, agent: StoredAgent): Promise<AgentView> {
    const { tally } = await this.#deps.store.tally(id);
    return toView(id, agent, { tally, isAwake: this.#awake.has(ownerOf(id)) });
  }
}

function idOf(name: string, { name: principal }: Principal): AgentId {
  return { principal, name: parseAgentName(name) };
}
