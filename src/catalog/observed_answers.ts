/** Learns what tools answer whose servers do not say: the form, never a value. @module */

import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import { type AnswerShape, mergeShapes, shapeOf } from "./answer_shape.ts";
import { formatShape, parseShape, shapeSchema } from "./shape_schema.ts";
import type { JsonSchema, Tool } from "./tool.ts";

const log = logger("catalog");

/** Answers that wait to be looked at; more than these are passed over. */
const maxWaiting = 32;
/** Tools whose answers are known. */
const maxTools = 20_000;
/** A form that did not change for so long is learned anew, so that tools that are gone leave nothing. */
const keepMs = 180 * 24 * 3_600_000;

const keys = {
  shape: (server: string, hash: string) => ["answer_shape", server, hash],
  shapes: ["answer_shape"],
};

/** What is known of one tool's answers. */
interface Observed {
  readonly shape: AnswerShape;
  /** The shape as text: two shapes are equal where their texts are. */
  readonly text: string;
  readonly schema: JsonSchema;
}

/** Told which tool's answers took another form. */
export type ObservedListener = (server: string, hash: string) => void;

/** The forms of answers, by server and `Tool.hash`; kept in KV. */
export class ObservedAnswers implements AsyncDisposable {
  readonly #kv: Deno.Kv;
  readonly #known = new Map<string, Observed>();
  readonly #listeners = new Set<ObservedListener>();
  readonly #unwritten = new Map<string, { server: string; hash: string }>();
  #waiting: { tool: Tool; answer: Json }[] = [];
  #timer?: ReturnType<typeof setTimeout>;
  #writing?: Promise<void>;

  private constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Reads what was learned before. */
  static async open(kv: Deno.Kv): Promise<ObservedAnswers> {
    const observed = new ObservedAnswers(kv);
    for await (const { key, value } of kv.list({ prefix: keys.shapes }, { limit: maxTools })) {
      const shape = parseShape(value);
      // Whatever an older version wrote is learned again.
      if (shape !== undefined) observed.#known.set(idOf(key[1], key[2]), describe(shape));
    }
    return observed;
  }

  /** The form of a tool's answers so far, as a schema. */
  schemaOf(server: string, hash: string): JsonSchema | undefined {
    return this.#known.get(idOf(server, hash))?.schema;
  }

  /** Tells of each change; gives a function that ends it. */
  onChange(listener: ObservedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes note of a good answer. Returns at once: it is looked at when the answer is on its way. */
  observe(tool: Tool, answer: Json): void {
    if (tool.outputSchema !== undefined || this.#waiting.length >= maxWaiting) return;
    this.#waiting.push({ tool, answer });
    this.#timer ??= setTimeout(() => this.#learnAll(), 0);
  }

  /** Resolves when all that was noted is learned and stored. */
  async flush(): Promise<void> {
    this.#learnAll();
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Learns and stores what is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  #learnAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { tool, answer } of waiting) this.#learn(tool, answer);
    this.#startWriting();
  }

  #learn({ server, hash }: Tool, answer: Json): void {
    const id = idOf(server, hash);
    const known = this.#known.get(id);
    if (known === undefined && this.#known.size >= maxTools) return;
    const seen = shapeOf(answer);
    const observed = describe(known === undefined ? seen : mergeShapes(known.shape, seen));
    if (observed.text === known?.text) return;
    this.#known.set(id, observed);
    this.#unwritten.set(id, { server, hash });
    for (const listener of this.#listeners) listener(server, hash);
  }

  /** One write at a time: what changes meanwhile is written once, in its last form. */
  #startWriting(): void {
    if (this.#unwritten.size === 0) return;
    this.#writing ??= this.#writeAll().then(() => {
      this.#writing = undefined;
      this.#startWriting();
    });
  }

  async #writeAll(): Promise<void> {
    for (const [id, { server, hash }] of this.#unwritten) {
      this.#unwritten.delete(id);
      const text = this.#known.get(id)?.text;
      try {
        await this.#kv.set(keys.shape(server, hash), text, { expireIn: keepMs });
      } catch (error) {
        log.warn("observed answer not stored", { server, error });
      }
    }
  }
}

function describe(shape: AnswerShape): Observed {
  return { shape, text: formatShape(shape), schema: shapeSchema(shape) };
}

function idOf(server: unknown, hash: unknown): string {
  return JSON.stringify([server, hash]);
}
