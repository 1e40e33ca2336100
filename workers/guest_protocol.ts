/** What a host and its Worker say to each other: a letter, then JSON text where it needs any. @module */

import type { DurableStart } from "../src/protocol/messages.ts";

/** Host to Worker. */
export const guestCommands = {
  /** Begin a run: a {@linkcode GuestRun}. */
  run: "r",
  /** An answer of the server, relayed. */
  answer: "a",
  /** The run is over: no guest code may be at work any more. */
  close: "c",
  /** Go through a run of nothing, so that the first one of somebody finds all code compiled. */
  warm: "w",
  /** Make a new realm for the next run. */
  renew: "n",
} as const;

/** Worker to host. */
export const guestSignals = {
  /** A realm stands ready. */
  ready: "r",
  /** A message for the server. */
  message: "m",
  /** The last message of the run. */
  final: "f",
  /** No guest code is at work. */
  closed: "c",
} as const;

/** A run as its Worker gets it. */
export interface GuestRun {
  /** The prepared code: an expression that is an async function. */
  script: string;
  /** What the realm's `open()` takes, as JSON text. */
  opened: string;
  /** Where time and chance come from. @default {from the machine} */
  durable?: DurableStart;
}
