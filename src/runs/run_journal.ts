/** What a run keeps on record of its calls, so that its code can be run again. @module */

import type { ReceiptAlso } from "../receipts/receipt_chain.ts";
import type { Limits } from "../config/config.ts";
import type { CallOutcome } from "../receipts/receipt.ts";
import type { Json } from "../protocol/json.ts";
import type { DurableStart } from "../protocol/messages.ts";
import type { SandboxAnswer } from "../sandbox/host_process.ts";
import type { RunRequest } from "./run_service.ts";

/** What code asked for. */
export interface JournalRequest {
  /** What sort of thing. */
  kind: "call" | "query" | "timer";
  /** The tool, or the question. */
  name: string;
  /** With what; JSON. */
  args: Json;
}

/** An answer as code got it, or gets it now. */
export interface JournalAnswer {
  /** As the guest gets it. */
  answer: SandboxAnswer;
  /** How a call counts. */
  outcome: CallOutcome;
  /** How long it took, milliseconds. */
  ms: number;
}

/** An answer that is on record: with its time. */
export type RecordedAnswer = JournalAnswer & { at: number };

/** One thing that code asked for. */
export interface JournalPlace {
  /** The same thing has the same name each time the code is run. */
  readonly id: string;
  /** It has its answer since before. */
  readonly isAnswered: boolean;
  /** It was begun before, and nobody knows what became of it. */
  readonly wasBegun: boolean;
  /** The answer on record, when it is its turn. */
  recorded(): Promise<RecordedAnswer>;
  /** When the timer is due, milliseconds since 1970; absent where it was not begun before. */
  readonly due?: number;
  /** Commits that it is about to be done; a timer, when it is due. */
  begin(due?: number): Promise<void>;
  /**
   * Puts its answer on record: gives what goes with the commit of a receipt. Where there is no
   * receipt, `finish` commits by itself.
   */
  prepare(answer: JournalAnswer): Promise<ReceiptAlso>;
  /** Resolves with the answer on record when it is its turn to be handed over. */
  finish(): Promise<RecordedAnswer>;
}

/** A durable run, so that another process can go on with it. */
export interface StoredRun {
  /** What was asked for. */
  request: RunRequest;
  /** Bounds. */
  limits: Limits;
  /** Its agent, where it is the run of one. */
  agent?: string;
  /** Where its time and chance come from. */
  start: DurableStart;
}

/** Where the records of durable runs are. */
export interface Journals {
  /** Opens the record of a run. */
  open(run: string, start: DurableStart): Promise<RunJournal>;
  /** Keeps what it takes to go on with a run. */
  save(run: string, stored: StoredRun): Promise<void>;
  /** What was kept; nothing where the run was not durable. */
  load(run: string): Promise<StoredRun | undefined>;
  /** Commits the answer to what has no receipt. */
  commit(also: ReceiptAlso): Promise<void>;
  /** Forgets a run that has ended. */
  delete(run: string): Promise<void>;
}

/** The record of one run, as far as it goes, and from there on. */
export interface RunJournal {
  /** Where time and chance come from. */
  readonly start: DurableStart;
  /**
   * Takes in what code asks for.
   *
   * @throws {AirlockError} `replay_diverged` where it is another thing than before.
   */
  enter(request: JournalRequest): JournalPlace;
  /** Whether everything on record was asked for again. */
  readonly isWhole: boolean;
}
