/** A language model, whichever API it is behind. @module */

/** One thing in a conversation. */
export type ModelItem =
  | { type: "user"; text: string }
  | { type: "assistant"; text: string; calls: ModelCall[] }
  | { type: "tool"; callId: string; name: string; text: string };

/** A tool the model wants to be called. */
export interface ModelCall {
  /** Names the call in its answer. */
  id: string;
  /** The tool; as the model wrote it. */
  name: string;
  /** JSON text; as the model wrote it. */
  arguments: string;
}

/** A tool the model may call. */
export interface ModelTool {
  /** `[a-z_]+`. */
  name: string;
  /** What it does. */
  description: string;
  /** JSON Schema of its arguments. */
  parameters: Record<string, unknown>;
}

/** One turn that is asked for. */
export interface ModelRequest {
  /** What goes before all else. */
  instructions: string;
  /** The conversation, oldest first. */
  items: readonly ModelItem[];
  /** None: the model can only answer. */
  tools: readonly ModelTool[];
  /** In place of the configured one. */
  model?: string;
  /** Tokens of the answer. @default {what the endpoint allows} */
  maxOutputTokens?: number;
}

/** What a turn used, as the endpoint counts. */
export interface ModelUsage {
  /** Of the question. */
  inputTokens: number;
  /** Of the answer. */
  outputTokens: number;
  /** Absent where the endpoint says nothing about money. */
  costUsd?: number;
}

/** What the model said. */
export interface ModelTurn {
  /** The text. */
  text: string;
  /** What it wants to be called. */
  calls: ModelCall[];
  /** What it took. */
  usage: ModelUsage;
  /** Why it stopped. */
  ending: "stop" | "calls" | "length" | "refusal";
}

/** Options of {@linkcode Model.complete}. */
export interface CompleteOptions {
  /** Ends it, and its connection. */
  signal: AbortSignal;
  /** Told of text as it comes; `restart` where the turn begins anew, after a broken stream. */
  onDelta?(text: string, restart: boolean): void;
}

/** Answers turns. */
export interface Model {
  /**
   * Asks for one turn; tries again where that may help.
   *
   * @throws {ModelError}
   */
  complete(request: ModelRequest, options: CompleteOptions): Promise<ModelTurn>;
}

/** Why there is no turn. */
export type ModelErrorKind = "unset" | "refused" | "overflow" | "busy" | "broken" | "cancelled";

/**
 * Why a model gave no turn: `unset` where nothing is configured, `refused` where the endpoint does
 * not take the request, `overflow` where it is too long for the model, `busy` and `broken` where
 * trying again did not help.
 */
export class ModelError extends Error {
  /** Always `ModelError`. */
  override readonly name = "ModelError";

  /** The message is in words of ours, and holds nothing that the endpoint said. */
  constructor(readonly kind: ModelErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
