/** The record of a durable run in KV: what was begun, what came of it, in which order. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { DurableStart } from "../protocol/messages.ts";
import type { ReceiptAlso } from "../receipts/receipt_chain.ts";
import { GroupCommit } from "../runs/group_commit.ts";
import type {
  JournalAnswer,
  JournalPlace,
  JournalRequest,
  RecordedAnswer,
  RunJournal,
} from "../runs/run_journal.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";

const keys = {
  place: (run: string, id: string) => ["journal", run, id],
  places: (run: string) => ["journal", run],
  answer: (run: string, id: string) => ["journal_answer", run, id],
  answers: (run: string) => ["journal_answer", run],
};

/** Written by us alone, and read back as it was. */
const answerSchema = z.custom<RecordedAnswer>((value) =>
  z.looseObject({ answer: z.looseObject({}), at: z.number() }).safeParse(value).success
);

/** Characters of an answer that lies in its place: 64 of them go into one commit. */
const maxInlineChars = 4_000;

const placeSchema = z.object({
  /** Which of all things asked for it was, from 0. */
  issue: z.int().nonnegative(),
  /** Present once it has its answer: which of all answers it was. */
  order: z.int().nonnegative().optional(),
  /** When a timer is due. */
  due: z.number().optional(),
  /** The answer, where it is short; a longer one lies by itself. */
  answer: answerSchema.optional(),
});
type Place = z.infer<typeof placeSchema>;

/** Options of {@linkcode openJournal}. */
export interface JournalOptions {
  /** @default {Date.now} */
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** Opens the record of a run: what was there before is asked for again in its order. */
export async function openJournal(
  kv: Deno.Kv,
  run: string,
  start: DurableStart,
  { now = Date.now }: JournalOptions = {},
): Promise<RunJournal> {
  const places = new Map<string, Place>();
  for await (const { key, value } of kv.list({ prefix: keys.places(run) }, { batchSize: 500 })) {
    places.set(z.string().parse(key[2]), placeSchema.parse(value));
  }
  return new Journal(kv, run, { start, places, now });
}

/** Forgets the record of a run: it has ended. */
export async function deleteJournal(kv: Deno.Kv, run: string): Promise<void> {
  for await (const { key } of kv.list({ prefix: keys.places(run) })) await kv.delete(key);
  for await (const { key } of kv.list({ prefix: keys.answers(run) })) await deleteLarge(kv, key);
}

class Journal implements RunJournal {
  readonly start: DurableStart;
  readonly kv: Deno.Kv;
  readonly run: string;
  readonly now: () => number;
  /** Intents are committed in the order of their issue: a later one is never there without an earlier one. */
  readonly commits: GroupCommit;
  readonly #places: Map<string, Place>;
  readonly #occurrences = new Map<string, number>();
  /** Those on record that were not asked for again yet, by their issue. */
  readonly #unclaimed = new Set<number>();
  readonly #waiting = new Map<number, () => void>();
  #issues = 0;
  #orders: number;
  #handedOver = 0;

  constructor(
    kv: Deno.Kv,
    run: string,
    given: { start: DurableStart; places: Map<string, Place>; now: () => number },
  ) {
    [this.kv, this.run, this.start, this.now] = [kv, run, given.start, given.now];
    this.commits = new GroupCommit(kv);
    this.#places = given.places;
    for (const { issue } of given.places.values()) this.#unclaimed.add(issue);
    const orders = [...given.places.values()].flatMap(({ order }) => order ?? []);
    this.#orders = Math.max(-1, ...orders) + 1;
  }

  get isWhole(): boolean {
    return this.#unclaimed.size === 0;
  }

  enter({ kind, name, args }: JournalRequest): JournalPlace {
    const issue = this.#issues++;
    const hash = hashJson([kind, name, args]);
    const occurrence = (this.#occurrences.get(hash) ?? 0) + 1;
    this.#occurrences.set(hash, occurrence);
    const id = `${hash}.${occurrence}`;
    const place = this.#places.get(id);
    if (place !== undefined) {
      this.#unclaimed.delete(place.issue);
      return new OpenPlace(this, id, { place, isOnRecord: true });
    }
    // What came before this in an earlier go, and was not asked for in this one, shows another way.
    for (const other of this.#unclaimed) if (other <= issue) throw diverged(name);
    return new OpenPlace(this, id, { place: { issue }, isOnRecord: false });
  }

  /** The next place among the answers. */
  nextOrder(): number {
    return this.#orders++;
  }

  /** Resolves when all answers before this one were handed over; then it is. */
  async turn(order: number): Promise<void> {
    if (order !== this.#handedOver) {
      await new Promise<void>((resolve) => this.#waiting.set(order, resolve));
    }
    this.#handedOver++;
    this.#waiting.get(this.#handedOver)?.();
    this.#waiting.delete(this.#handedOver);
  }
}

class OpenPlace implements JournalPlace {
  readonly id: string;
  readonly isAnswered: boolean;
  readonly wasBegun: boolean;
  readonly #journal: Journal;
  readonly #place: Place;
  #isCommitted: boolean;
  #answer: RecordedAnswer | undefined;
  #order: number | undefined;

  constructor(journal: Journal, id: string, given: { place: Place; isOnRecord: boolean }) {
    const { place, isOnRecord } = given;
    [this.#journal, this.id, this.#place] = [journal, id, place];
    this.isAnswered = place.order !== undefined;
    this.wasBegun = isOnRecord && !this.isAnswered;
    this.#isCommitted = this.wasBegun;
    this.#order = place.order;
  }

  async recorded(): Promise<RecordedAnswer> {
    const answer = this.#place.answer ?? await this.#readAnswer();
    await this.#journal.turn(this.#order ?? 0);
    return answer;
  }

  get due(): number | undefined {
    return this.#place.due;
  }

  async begin(due?: number): Promise<void> {
    if (this.#isCommitted) return;
    const { run } = this.#journal;
    const place = { issue: this.#place.issue, ...(due !== undefined && { due }) };
    this.#isCommitted = true;
    await this.#journal.commits.write((commit) => commit.set(keys.place(run, this.id), place));
  }

  async prepare(answer: JournalAnswer): Promise<ReceiptAlso> {
    const { kv, run, now } = this.#journal;
    this.#answer = { ...answer, at: now() };
    const json = JSON.stringify(this.#answer);
    const isShort = json.length <= maxInlineChars;
    if (!isShort) await writeLarge(kv, keys.answer(run, this.id), json);
    return (commit) => {
      this.#order ??= this.#journal.nextOrder();
      const place = { ...this.#place, order: this.#order };
      return commit.set(
        keys.place(run, this.id),
        isShort ? { ...place, answer: this.#answer } : place,
      );
    };
  }

  async finish(): Promise<RecordedAnswer> {
    if (this.#answer === undefined) throw new TypeError("Cannot finish: there is no answer");
    if (this.#order === undefined) throw new TypeError("Cannot finish: it is not committed");
    await this.#journal.turn(this.#order);
    return this.#answer;
  }

  async #readAnswer(): Promise<RecordedAnswer> {
    const { kv, run } = this.#journal;
    const value = await readLarge(kv, keys.answer(run, this.id));
    if (value === undefined) throw new TypeError("Cannot go on: an answer is not on record");
    return answerSchema.parse(JSON.parse(value.text()));
  }
}

function diverged(name: string): AirlockError {
  const message = `Cannot go on at "${name.slice(0, 128)}": the code took another way than before`;
  return new AirlockError("replay_diverged", message);
}
