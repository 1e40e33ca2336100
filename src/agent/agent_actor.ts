/** One agent while it is awake: takes its messages one after the other. @module */

import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import { type Model, ModelError } from "../model/model.ts";
import { reportText } from "../prompts/report_text.ts";
import type { RunReport } from "../runs/report.ts";
import type { RunService } from "../runs/run_service.ts";
import { runLimitsOf, thinkLimits } from "./agent_definition.ts";
import { type AgentId, ownerOf } from "./agent_name.ts";
import { agentPrompt } from "./agent_prompt.ts";
import { AgentStore, type StoredAgent } from "./agent_store.ts";
import { budgetedHistory } from "./compaction.ts";
import type { History, Message } from "./history.ts";
import type { LiveEvents, NewAgentEvent } from "./live_events.ts";
import type { Letter, Mailbox, Outcome } from "./mailbox.ts";
import type { Also } from "./rows.ts";
import { type SearchOptions, think } from "./think.ts";
import type { StepStore } from "./turn_steps.ts";

const log = logger("agent");

/** What agents work with. */
export interface ActorDeps {
  /** Definitions and counts. */
  store: AgentStore;
  /** What was said. */
  history: History;
  /** What waits to be answered. */
  mailbox: Mailbox;
  /** What was done for the message in work. */
  steps: StepStore;
  /** Tells those who watch. */
  events: LiveEvents;
  /** Thinks. */
  model: Model;
  /** Runs code. */
  runs: Pick<RunService, "start" | "events" | "report" | "cancel">;
  /** Who an agent's owner is by now; nobody, where the key is gone. */
  principalOf(name: string): Principal | undefined;
  /** Finds tools; gives a text. */
  search(query: string, options: SearchOptions, principal: Principal): Promise<string>;
  /** How to write code, and the tools there are. */
  catalog(principal: Principal): Promise<string>;
  /** @default {Date.now} */
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** Works through the letters of one agent. */
export class AgentActor {
  readonly #id: AgentId;
  readonly #owner: string;
  readonly #deps: ActorDeps;
  readonly #signal: AbortSignal;
  readonly #fence: Also;
  /** Messages in the history. */
  #messages = 0;

  /** Is awake until the signal fires; `fence` goes with each of its commits. */
  constructor(id: AgentId, deps: ActorDeps, options: { signal: AbortSignal; fence: Also }) {
    [this.#id, this.#owner, this.#deps] = [id, ownerOf(id), deps];
    [this.#signal, this.#fence] = [options.signal, options.fence];
  }

  /** Takes letters until there are none. Rejects where the agent cannot go on. */
  async work(): Promise<void> {
    const { mailbox } = this.#deps;
    for (;;) {
      const next = await mailbox.first(this.#id);
      if (next === undefined || this.#signal.aborted) break;
      await this.#answer(next.number, next.letter);
    }
    if (!this.#signal.aborted) await mailbox.settle(this.#id);
  }

  async #answer(number: number, letter: Letter): Promise<void> {
    const { store, mailbox } = this.#deps;
    const agent = await store.get(this.#id);
    await this.#takeIn(letter);
    const known = await mailbox.outcomes.read(this.#owner, number);
    const outcome = known ?? await this.#think(agent, letter);
    if (known === undefined) await this.#commit(number, outcome);
    await this.#finish(number, letter, outcome);
    log.info("message answered", { agent: this.#id.name, runs: outcome.runs.length });
  }

  /** Puts the message into the history, unless it is there since before a restart. */
  async #takeIn({ id, content, at }: Letter): Promise<void> {
    const { store, history } = this.#deps;
    const counted = await store.tally(this.#id);
    this.#messages = counted.tally.messages;
    const latest = await history.messages.list(this.#owner, { reverse: true, limit: 2 });
    if (latest.some(({ row }) => row.id === id)) return;
    await this.#append({ id, role: "user", content, at });
  }

  async #append(message: Message): Promise<void> {
    const { store, history } = this.#deps;
    const counted = await store.tally(this.#id);
    const number = counted.tally.messages + 1;
    const tally = { ...counted.tally, messages: number, lastActive: this.#now() };
    const isIn = await history.messages.write(this.#owner, number, message, (commit) => {
      AgentStore.writeTally(commit, counted, tally);
      return this.#fence(commit);
    });
    // A letter that came in meanwhile has changed the tally; where nothing did, the fence has.
    if (!isIn) {
      const { entry } = await store.tally(this.#id);
      if (entry.versionstamp === counted.entry.versionstamp) throw belongsElsewhere();
      return await this.#append(message);
    }
    this.#messages = number;
    this.#tell({ type: "message", ...message });
  }

  async #think({ definition }: StoredAgent, { id }: Letter): Promise<Outcome> {
    const { principal: owner, name } = this.#id;
    const { model, steps } = this.#deps;
    const principal = this.#deps.principalOf(owner);
    if (principal === undefined) return keyIsGone(id);
    const limits = thinkLimits(definition);
    const outcome = await think({
      model,
      modelName: definition.model,
      instructions: agentPrompt({
        name,
        instructions: definition.instructions,
        catalog: await this.#deps.catalog({ ...principal, agent: name }),
        today: this.#now(),
      }),
      history: (isTooLong) => this.#history(definition.model, limits.historyTokens, isTooLong),
      steps: steps.of(this.#owner, id, this.#fence),
      search: (query, options) => this.#deps.search(query, options, { ...principal, agent: name }),
      execute: ({ key, code, input }) =>
        this.#execute(id, `agent:${id}:${key}`, {
          request: {
            durable: true,
            code,
            input,
            tools: definition.tools,
            limits: runLimitsOf(definition),
          },
          principal: { ...principal, agent: name },
        }),
      onDelta: (text, restart) =>
        this.#tell({ type: "delta", message: id, text, ...(restart && { restart }) }),
      limits,
      signal: this.#signal,
      mark: crypto.randomUUID().slice(0, 13),
    });
    const { content, runs, usage, error } = outcome;
    const reply = { id: `msg_${crypto.randomUUID()}`, role: "assistant" as const, content };
    return { id, reply, runs, usage, ...(error !== undefined && { error }) };
  }

  async #history(modelName: string | undefined, tokens: number, isTooLong: boolean) {
    const { history, model } = this.#deps;
    const budget = isTooLong ? { tokens: tokens / 4, keep: 1 } : { tokens, keep: 4 };
    const deps = { history, model, modelName, signal: this.#signal };
    return await budgetedHistory(this.#owner, budget, deps);
  }

  /** Runs code to its end, and tells of it. What refuses the run is an answer too. */
  async #execute(
    message: string,
    key: string,
    { request, principal }: {
      request: Parameters<RunService["start"]>[0];
      principal: Principal;
    },
  ): Promise<{ run: string; text: string }> {
    const { runs } = this.#deps;
    const started = await runs.start(request, principal, { idempotencyKey: key });
    const tell = (status: string) => this.#tell({ type: "run", message, run: started.id, status });
    tell("running");
    for await (const event of await runs.events(started.id, principal, 0, this.#signal)) {
      if (event.event === "call") {
        this.#tell({ type: "call", message, run: started.id, call: event.data });
      }
      if (event.event === "approval") tell("waiting");
    }
    if (this.#signal.aborted) throw new ModelError("cancelled", "The agent was put to sleep");
    const report: RunReport = await runs.report(started.id, principal);
    tell(report.status);
    return { run: started.id, text: reportText(report) };
  }

  /** From here on the message is answered, whatever happens. */
  async #commit(number: number, outcome: Outcome): Promise<void> {
    const { mailbox } = this.#deps;
    if (await mailbox.outcomes.write(this.#owner, number, outcome, this.#fence)) return;
    throw belongsElsewhere();
  }

  /** Puts the reply into the history and the letter away; after a crash in between, once more. */
  async #finish(number: number, letter: Letter, { reply, runs, error }: Outcome): Promise<void> {
    const { history, mailbox, steps } = this.#deps;
    const last = await history.messages.read(this.#owner, this.#messages);
    if (last?.id !== reply.id) {
      await this.#append({ ...reply, at: this.#now(), ...(runs.length > 0 && { runs }) });
    }
    if (error !== undefined) {
      this.#tell({ type: "error", message: letter.id, code: error.code, detail: error.message });
    }
    const isDone = await steps.deleteAll(this.#owner, this.#fence) &&
      await mailbox.letters.delete(this.#owner, number, this.#fence);
    if (!isDone) throw belongsElsewhere();
    this.#tell({ type: "end", message: letter.id });
  }

  #tell(event: NewAgentEvent): void {
    this.#deps.events.emit(this.#owner, event, this.#messages);
  }

  #now(): string {
    return new Date((this.#deps.now ?? Date.now)()).toISOString();
  }
}

function belongsElsewhere(): Error {
  return new Error("The agent belongs to another server by now");
}

function keyIsGone(id: string): Outcome {
  const message = "Cannot work on the message: the API key of the agent's owner is not configured";
  return {
    id,
    reply: { id: `msg_${crypto.randomUUID()}`, role: "assistant", content: message },
    runs: [],
    usage: { inputTokens: 0, outputTokens: 0, turns: 0 },
    error: { code: "forbidden", message },
  };
}
