/** Calls on their way out of the realm: numbered, bounded, and matched with their answers. @module */

import type {
  AnswerMessage,
  GuestLimits,
  GuestQuery,
  ToolFault,
} from "../../src/protocol/messages.ts";
import type { RawGateway } from "./gateway.ts";
import {
  arrayPush,
  arraySplice,
  jsonStringify,
  mapDelete,
  mapGet,
  mapSet,
  stringSlice,
} from "./primordials.ts";
import { toJson } from "./to_json.ts";
import { toToolError } from "./tool_error.ts";

/** Characters of a tool's name, and of a reason, that are sent. */
const maxNameLength = 256;
const maxReasonLength = 1_000;
/** Refused calls past the limit after which the run is ended. */
const maxRefusedCalls = 1_000;
/** Questions about tools that one run may ask. */
const maxQueries = 1_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Made where the call was, so that a failure points there. */
  site: Error;
}

/** The realm's side of all calls. */
export interface Calls {
  /** Calls a tool. */
  call(tool: string, args: unknown): Promise<unknown>;
  /** Asks about tools. */
  query(query: GuestQuery, args: unknown): Promise<unknown>;
  /** Settles the call that a message from the server answers. */
  answer(message: AnswerMessage): void;
}

/** What {@linkcode createCalls} needs. */
export interface CallsDeps {
  gateway: RawGateway;
  limits: GuestLimits;
  /** Ends the run: the code goes on asking past its limit. */
  onFlood(fault: ToolFault): void;
}

/** Makes the realm's side of all calls of one run. */
export function createCalls({ gateway, limits, onFlood }: CallsDeps): Calls {
  const pending = new Map<number, Pending>();
  const waiting: (() => void)[] = [];
  let calls = 0;
  let queries = 0;
  let inFlight = 0;
  let lastId = 0;

  function begin(frame: (callId: number) => string): Promise<unknown> {
    const site = new Error();
    return new Promise((resolve, reject) => {
      const start = () => {
        inFlight++;
        const callId = ++lastId;
        mapSet(pending, callId, { resolve, reject, site });
        gateway("send", frame(callId), false);
      };
      if (inFlight < limits.callsInFlight) start();
      else arrayPush(waiting, start);
    });
  }

  return {
    call(tool, args) {
      const name = stringSlice(`${tool}`, 0, maxNameLength);
      if (++calls > limits.calls) return Promise.reject(pastLimit(name, calls, limits.calls));
      const sent = argumentsText(args, limits.argumentBytes);
      const head = `"tool":${jsonStringify(name)},`;
      return begin((callId) =>
        sent.text === undefined
          ? `{"type":"bad_call","callId":${callId},${head}"reason":${jsonStringify(sent.reason)}}`
          : `{"type":"tool_call","callId":${callId},${head}"args":${sent.text}}`
      );
    },
    query(query, args) {
      if (++queries > maxQueries) {
        return Promise.reject(pastLimit(`tools.${query}`, queries, maxQueries));
      }
      const { text, reason } = argumentsText(args, limits.argumentBytes);
      if (text === undefined) return Promise.reject(new TypeError(reason));
      return begin((callId) =>
        `{"type":"query","callId":${callId},"query":"${query}","args":${text}}`
      );
    },
    answer(message) {
      const call = mapGet(pending, message.callId);
      if (call === undefined) return;
      mapDelete(pending, message.callId);
      inFlight--;
      if (waiting.length > 0) arraySplice(waiting, 0, 1)[0]();
      if (message.type === "tool_result") call.resolve(message.result);
      else call.reject(toToolError(message.fault, call.site));
    },
  };

  function pastLimit(tool: string, asked: number, most: number): Error {
    const message = `Cannot call "${tool}": the run may make ${most} calls`;
    const fault = { code: "call_limit", message, tool };
    if (asked - most >= maxRefusedCalls) onFlood(fault);
    return toToolError(fault, new Error());
  }
}

/** The arguments as JSON text, or why they cannot be sent. */
function argumentsText(args: unknown, maxBytes: number): { text?: string; reason: string } {
  try {
    const text = toJson(args ?? {}, maxBytes);
    if ("json" in text) return { text: text.json, reason: "" };
    return { reason: "tooLarge" in text ? `the arguments are ${text.tooLarge}` : text.notJson };
  } catch (error) {
    const reason = error instanceof Error ? `${error.message}` : "they are not JSON";
    return { reason: stringSlice(reason, 0, maxReasonLength) };
  }
}
