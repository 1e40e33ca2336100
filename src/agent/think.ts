/** Works on one message: model, tools, model, until there is a reply. @module */

import {
  type Model,
  ModelError,
  type ModelItem,
  type ModelTurn,
  type ModelUsage,
} from "../model/model.ts";
import type { Json } from "../protocol/json.ts";
import type { ThinkLimits } from "./agent_definition.ts";
import { asData } from "./agent_prompt.ts";
import { modelTools, parseAction } from "./model_tools.ts";
import type { Steps, TurnStep } from "./turn_steps.ts";

/** What the work on one message needs. */
export interface ThinkDeps {
  /** Thinks. */
  model: Model;
  /** In place of the configured model. */
  modelName?: string;
  /** What goes before all else. */
  instructions: string;
  /** The conversation up to the message, which is its last; shorter where it was too long. */
  history(isTooLong: boolean): Promise<ModelItem[]>;
  /** What was done before a restart, and where the rest goes. */
  steps: Steps;
  /** Finds tools; gives a text. */
  search(query: string, options: SearchOptions): Promise<string>;
  /** Runs code to its end. The same key is the same run, also after a restart. */
  execute(
    call: { key: string; code: string; input?: Json },
  ): Promise<{ run: string; text: string }>;
  /** Told what happens. */
  onDelta(text: string, restart: boolean): void;
  /** Bounds. */
  limits: ThinkLimits;
  /** Stops the work; it goes on after the next start. */
  signal: AbortSignal;
  /** A mark for data that nobody can guess. */
  mark: string;
}

/** How a search is narrowed. */
export interface SearchOptions {
  /** Only tools of this server. @default {all} */
  server?: string;
  /** How much is told of each. @default {"signatures"} */
  detail?: "names" | "signatures" | "full";
  /** How many at most. @default {8} */
  limit?: number;
}

/** What came of the work. */
export interface ThinkOutcome {
  /** What was said. */
  content: string;
  /** Runs code. */
  runs: string[];
  /** What it took. */
  usage: ModelUsage & { turns: number };
  /** Why there is no better reply. */
  error?: { code: "unavailable" | "refused" | "limit"; message: string };
}

const lastWord = "No further tools can be called for this message. Answer now, with what you know.";

/**
 * Works on one message. What was committed before a restart is not asked for again.
 *
 * @throws {ModelError} `cancelled`; whatever `steps` threw.
 */
export async function think(deps: ThinkDeps): Promise<ThinkOutcome> {
  return await new Thinking(deps).run();
}

class Thinking {
  readonly #deps: ThinkDeps;
  readonly #usage = { inputTokens: 0, outputTokens: 0, turns: 0 };
  readonly #runs: string[] = [];
  #costUsd: number | undefined;
  #items: ModelItem[] = [];
  #isTooLong = false;

  constructor(deps: ThinkDeps) {
    this.#deps = deps;
  }

  async run(): Promise<ThinkOutcome> {
    const { steps, history } = this.#deps;
    this.#items = await history(false);
    let done = await steps.load();
    while (true) {
      const { turn, answers, rest } = await this.#nextTurn(done);
      done = rest;
      this.#count(turn);
      if (turn.calls.length === 0 || this.#limit() === "passed") return this.#outcome(turn);
      const texts = await this.#answer(turn, answers);
      this.#items.push({ type: "assistant", text: turn.text, calls: turn.calls }, ...texts);
    }
  }

  /** The next turn, from before the restart where there is one, and the answers that came of it. */
  async #nextTurn(
    done: TurnStep[],
  ): Promise<{ turn: ModelTurn; answers: TurnStep[]; rest: TurnStep[] }> {
    const [first, ...others] = done;
    if (first?.type === "turn") {
      const end = others.findIndex(({ type }) => type === "turn");
      const answers = end < 0 ? others : others.slice(0, end);
      return { turn: first, answers, rest: end < 0 ? [] : others.slice(end) };
    }
    const turn = await this.#ask();
    await this.#deps.steps.append({ type: "turn", ...turn });
    return { turn, answers: [], rest: [] };
  }

  async #ask(): Promise<ModelTurn> {
    const { model, modelName, instructions, signal, onDelta } = this.#deps;
    const isLast = this.#limit() !== undefined;
    const items: ModelItem[] = isLast
      ? [...this.#items, { type: "user", text: lastWord }]
      : this.#items;
    const request = { instructions, items, tools: isLast ? [] : modelTools, model: modelName };
    try {
      return await model.complete(request, { signal, onDelta });
    } catch (error) {
      if (!(error instanceof ModelError) || error.kind === "cancelled") throw error;
      if (error.kind === "overflow" && !this.#isTooLong) return await this.#askShorter();
      return unanswered(error);
    }
  }

  /** Asks again with less of the history, and with short answers in the place of long ones. */
  async #askShorter(): Promise<ModelTurn> {
    this.#isTooLong = true;
    const before = (await this.#deps.history(false)).length;
    const done = this.#items.slice(before).map(shorten);
    this.#items = [...await this.#deps.history(true), ...done];
    return await this.#ask();
  }

  #count({ usage }: ModelTurn): void {
    this.#usage.turns++;
    this.#usage.inputTokens += usage.inputTokens;
    this.#usage.outputTokens += usage.outputTokens;
    if (usage.costUsd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + usage.costUsd;
  }

  /** Whether a limit is reached, so that the next turn is the last, or passed. */
  #limit(): "reached" | "passed" | undefined {
    const { turns, tokens, costUsd = Infinity } = this.#deps.limits;
    if (this.#usage.turns >= turns) return "passed";
    const isSpent = this.#usage.inputTokens + this.#usage.outputTokens >= tokens ||
      (this.#costUsd ?? 0) >= costUsd;
    return isSpent || this.#usage.turns === turns - 1 ? "reached" : undefined;
  }

  /** The answers to all calls of a turn; those that are there already are not asked for again. */
  async #answer(turn: ModelTurn, answers: readonly TurnStep[]): Promise<ModelItem[]> {
    return await Promise.all(turn.calls.map(async (call, index): Promise<ModelItem> => {
      const known = answers.find((step) => step.type === "answer" && step.callId === call.id);
      const answer = known?.type === "answer" ? known : await this.#act(call, index);
      if (answer.run !== undefined) this.#runs.push(answer.run);
      const { callId, name, text } = answer;
      return { type: "tool", callId, name, text: asData(text, this.#deps.mark) };
    }));
  }

  async #act(
    { id, name, arguments: text }: ModelTurn["calls"][number],
    index: number,
  ): Promise<Extract<TurnStep, { type: "answer" }>> {
    const action = parseAction(name, text);
    const step = { type: "answer" as const, callId: id, name };
    const answer = { ...step, ...await this.#carryOut(action, `${this.#usage.turns}.${index}`) };
    await this.#deps.steps.append(answer);
    return answer;
  }

  async #carryOut(
    action: ReturnType<typeof parseAction>,
    key: string,
  ): Promise<{ text: string; run?: string }> {
    switch (action.type) {
      case "search":
        return { text: await this.#deps.search(action.query, action.options) };
      case "execute":
        return await this.#deps.execute({ key, code: action.code, input: action.input });
      case "mistake":
        return { text: action.text };
      default:
        return action satisfies never;
    }
  }

  #outcome(turn: ModelTurn): ThinkOutcome {
    const costUsd = this.#costUsd;
    const usage = { ...this.#usage, ...(costUsd !== undefined && { costUsd }) };
    const error = this.#errorOf(turn);
    return {
      content: turn.text === "" ? error?.message ?? "" : turn.text,
      runs: [...new Set(this.#runs)],
      usage,
      ...(error !== undefined && { error }),
    };
  }

  #errorOf(turn: ModelTurn): ThinkOutcome["error"] {
    const failure = failures.get(turn);
    if (failure !== undefined) {
      return {
        code: failure.kind === "unset" ? "unavailable" : "refused",
        message: failure.message,
      };
    }
    if (turn.ending === "refusal") {
      return { code: "refused", message: "The model refused to answer" };
    }
    if (this.#limit() === undefined) return undefined;
    const { turns, inputTokens, outputTokens } = this.#usage;
    const spent = `${turns} turns and ${inputTokens + outputTokens} tokens`;
    return { code: "limit", message: `The message reached the limits of its agent: ${spent}` };
  }
}

/** Turns that stand for a failure of the model: the message is answered all the same. */
const failures = new WeakMap<ModelTurn, ModelError>();

function unanswered(error: ModelError): ModelTurn {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const turn: ModelTurn = { text: error.message, calls: [], usage, ending: "refusal" };
  failures.set(turn, error);
  return turn;
}

/** Characters of an answer that are left where the conversation is too long for the model. */
const maxShortChars = 2_000;

function shorten(item: ModelItem): ModelItem {
  if (item.type !== "tool" || item.text.length <= maxShortChars) return item;
  const left = item.text.length - maxShortChars;
  return { ...item, text: `${item.text.slice(0, maxShortChars)}\n(${left} characters left out)` };
}
