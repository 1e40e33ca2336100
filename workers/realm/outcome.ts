/** How a run ends, in words that can be sent: its result, or what went wrong. @module */

import type { GuestFault } from "../../src/protocol/messages.ts";
import { utf8Prefix } from "./utf8.ts";
import { inspect } from "./inspect.ts";
import { scriptName } from "./stack_traces.ts";
import { toJson } from "./to_json.ts";
import { faultOf } from "./tool_error.ts";

/** UTF-8 bytes of an error's message that are kept. */
const maxMessageBytes = 8_192;

/** The result as JSON text, `undefined` where there is none, or why it cannot be sent. */
export function resultText(
  result: unknown,
  maxBytes: number,
): { json?: string; fault?: GuestFault } {
  if (result === undefined) return {};
  try {
    const text = toJson(result, maxBytes);
    if ("json" in text) return text;
    const tooLarge = "tooLarge" in text;
    return {
      fault: {
        code: tooLarge ? "output_limit" : "thrown",
        name: tooLarge ? "RangeError" : "TypeError",
        message: utf8Prefix(
          `Cannot return the result: ${tooLarge ? text.tooLarge : text.notJson}`,
          maxMessageBytes,
        ),
      },
    };
  } catch (error) {
    return { fault: faultFrom(error) };
  }
}

/** What was thrown, however odd, as a fault with its place in the script. */
export function faultFrom(thrown: unknown): GuestFault {
  const { code = "thrown", tool, hint } = faultOf(thrown) ?? {};
  const name = read(() => nameOf(thrown), "Error");
  const message = read(() => messageOf(thrown), "An error whose message cannot be read");
  const place = read(() => placeOf(thrown), {});
  return { code, name, message: utf8Prefix(message, maxMessageBytes), tool, hint, ...place };
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return thrown === null ? "null" : typeof thrown;
  const { name } = thrown;
  return typeof name === "string" ? name.slice(0, 100) : "Error";
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (!(thrown instanceof Error)) return inspect(thrown, { maxBytes: maxMessageBytes });
  const { message } = thrown;
  return typeof message === "string" ? message : inspect(message, { maxBytes: maxMessageBytes });
}

/** Reads what a getter, a trap or a patched built-in of the guest may spoil. */
function read<T>(attempt: () => T, otherwise: T): T {
  try {
    return attempt();
  } catch {
    return otherwise;
  }
}

/** The first place in the script that the stack names. */
function placeOf(thrown: unknown): { line?: number; column?: number } {
  if (!(thrown instanceof Error)) return {};
  const stack = `${thrown.stack}`.slice(0, 65_536);
  const frames = stack.slice(Math.max(0, stack.indexOf("\n    at ")));
  const place = new RegExp(`[ (]${scriptName}:(\\d{1,7}):(\\d{1,7})\\)?(?:\\n|$)`).exec(frames);
  return place === null ? {} : { line: Number(place[1]), column: Number(place[2]) };
}
