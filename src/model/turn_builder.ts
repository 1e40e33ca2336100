/** Puts one turn together from the pieces of a stream, within bounds. @module */

import { type ModelCall, ModelError, type ModelTurn, type ModelUsage } from "./model.ts";

/** Characters of one turn's text. */
const maxTextChars = 1_000_000;
/** Characters of one call's arguments. */
const maxArgumentChars = 1_000_000;
/** Calls in one turn. */
const maxCalls = 64;
/** Characters of an id or a name. */
const maxNameChars = 256;

/** One turn while it arrives. */
export class TurnBuilder {
  readonly #onDelta: (text: string) => void;
  readonly #calls = new Map<number, ModelCall>();
  #text = "";
  #isRefusal = false;
  #ending: ModelTurn["ending"] | undefined;
  #usage: ModelUsage = { inputTokens: 0, outputTokens: 0 };

  /** Of nothing yet; `onDelta` is told of text. */
  constructor(onDelta: (text: string) => void = () => undefined) {
    this.#onDelta = onDelta;
  }

  /** More text. */
  addText(text: string): void {
    if (text === "") return;
    this.#text += text;
    if (this.#text.length > maxTextChars) throw tooMuch("text");
    this.#onDelta(text);
  }

  /** More of a refusal, which is the text then. */
  addRefusal(text: string): void {
    this.#isRefusal = true;
    this.addText(text);
  }

  /** A piece of a call, by its place in the turn. */
  addCall(index: number, piece: Partial<ModelCall>): void {
    if (!Number.isInteger(index) || (!this.#calls.has(index) && this.#calls.size >= maxCalls)) {
      throw tooMuch("calls");
    }
    const call = this.#calls.get(index) ?? { id: "", name: "", arguments: "" };
    call.id = (piece.id ?? call.id).slice(0, maxNameChars);
    call.name = (piece.name ?? call.name).slice(0, maxNameChars);
    call.arguments += piece.arguments ?? "";
    if (call.arguments.length > maxArgumentChars) throw tooMuch("arguments");
    this.#calls.set(index, call);
  }

  /** The whole arguments of a call, in place of the pieces. */
  setArguments(index: number, text: string): void {
    const call = this.#calls.get(index);
    if (call !== undefined) call.arguments = text.slice(0, maxArgumentChars);
  }

  /** The stream says that it is whole. */
  end(ending: ModelTurn["ending"]): void {
    this.#ending = ending;
  }

  /** What it used. */
  use(usage: ModelUsage): void {
    this.#usage = usage;
  }

  /**
   * The turn.
   *
   * @throws {ModelError} `broken` where the stream ended before it was whole.
   */
  turn(): ModelTurn {
    if (this.#ending === undefined) {
      throw new ModelError("broken", "Cannot get an answer of the model: its stream was cut");
    }
    const calls = [...this.#calls].sort(([a], [b]) => a - b).map(([index, call]) => ({
      ...call,
      id: call.id === "" ? `call_${index}` : call.id,
    }));
    return { text: this.#text, calls, usage: this.#usage, ending: this.#endingOf(calls) };
  }

  #endingOf(calls: readonly ModelCall[]): ModelTurn["ending"] {
    if (this.#isRefusal) return "refusal";
    if (this.#ending === "length" || this.#ending === "refusal") return this.#ending;
    return calls.length > 0 ? "calls" : "stop";
  }
}

function tooMuch(what: string): ModelError {
  return new ModelError("refused", `Cannot take the answer of the model: too much ${what}`);
}
