/**
 * The contract between server, host and guest. What comes from a guest, and
 * all that a host passes on, is hostile until `bridge/parse_frame.ts` has read
 * it. A host is known by the pipe its frames come from, by nothing they say.
 * @module
 */

import type { Json } from "./json.ts";

/** How severe a logged line is. */
export type GuestLogLevel = "debug" | "log" | "info" | "warn" | "error";

/** What the guest enforces on itself, for a quick answer; the server does so again. */
export interface GuestLimits {
  /** Tool calls. */
  calls: number;
  /** Calls under way at once; further ones wait. */
  callsInFlight: number;
  /** UTF-8 bytes of one call's arguments as JSON. */
  argumentBytes: number;
  /** UTF-8 bytes of log text that are kept. */
  logBytes: number;
  /** UTF-8 bytes of the result as JSON. */
  resultBytes: number;
}

/** The names that stand for one server in guest code. */
export interface Namespace {
  /** The global, and the first key of `tools[…]`. */
  name: string;
  /** The configured key of the server, where it differs. */
  server: string;
  /** Each tool by the identifier code uses and by what the server calls it. */
  tools: { member: string; tool: string }[];
}

/** What a durable run begins with, each time its code is run. */
export interface DurableStart {
  /** When it first began, milliseconds since 1970. */
  at: number;
  /** Of its random numbers: 32 hexadecimal digits. */
  seed: string;
}

/** Server to host: a run to carry out. */
export interface RunMessage {
  /** TypeScript, as it was sent. */
  code: string;
  /** The global `input`, as JSON text; absent for `undefined`. */
  input?: string;
  /** The servers by the names that code uses. */
  namespaces: Namespace[];
  /** Code has `sql()`. @default {false} */
  sql?: true;
  /** Where time and chance come from. @default {from the machine} */
  durable?: DurableStart;
  /** What the guest holds itself to. */
  limits: GuestLimits;
}

/** An answer on its way to the code: what `ToolError` says. */
export interface ToolFault {
  /** The code to switch on. */
  code: string;
  /** What went wrong, in a sentence. */
  message: string;
  /** The tool that was called. */
  tool?: string;
  /** What could be done instead. */
  hint?: string;
}

/** Server to guest, relayed by the host unread; in a durable run each begins with `at`, its time. */
export type AnswerMessage =
  | { type: "tool_result"; callId: number; result: Json }
  | { type: "tool_error"; callId: number; fault: ToolFault };

/** Server to the Worker of a durable run: a timer is due. */
export interface TimerMessage {
  /** The recorded time. */
  at: number;
  /** Always `timer`. */
  type: "timer";
  /** The timer, as it was asked for. */
  timer: number;
}

/** First letter of a server's frame: whether the host reads it or relays it. */
export const serverChannels = { run: "r", answer: "a" } as const;

/** What went wrong in the guest, as it says itself. */
export interface GuestFault {
  /** `thrown`, or the code of a tool's error that was not caught. */
  code: string;
  /** Name of what was thrown: `TypeError`. */
  name: string;
  /** Its message, bounded. */
  message: string;
  /** Place in the code as it was sent, from 1. */
  line?: number;
  /** From 1. */
  column?: number;
  /** The tool whose failure it is. */
  tool?: string;
  /** What could be done instead. */
  hint?: string;
}

/** What code asks about its tools; neither a call nor on record. */
export type GuestQuery = "search" | "describe" | "resource";

/** Host to server. The first three are the host's own, the rest is the guest's. */
export type HostMessage =
  /** The code is parsed and on its way into the guest. */
  | { type: "prepared" }
  /** After the end of a run: no guest code is at work any more. */
  | { type: "closed" }
  /** A Worker stands ready for the next run. */
  | { type: "idle" }
  | { type: "log"; level: GuestLogLevel; text: string; ms: number }
  | { type: "progress"; done: number; total?: number; text?: string }
  | { type: "emit"; block: Json }
  | { type: "tool_call"; callId: number; tool: string; args: Json }
  /** A call whose arguments cannot be sent; `reason` says why. */
  | { type: "bad_call"; callId: number; tool: string; reason: string }
  | { type: "query"; callId: number; query: GuestQuery; args: Json }
  /** In a durable run: a timer, to be recorded. */
  | { type: "timer"; timer: number; ms: number }
  | { type: "done"; result?: Json; logBytes: number }
  | { type: "failed"; fault: GuestFault; logBytes: number };
