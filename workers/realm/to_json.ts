/** Values of guest code as JSON text, as far as it may be sent. @module */

import { isDeeperThan, maxValueDepth } from "../../src/protocol/json_text.ts";
import { utf8Length } from "./utf8.ts";
import { inspect } from "./inspect.ts";
import { jsonStringify } from "./primordials.ts";

/** JSON text, or why there is none that may be sent. */
export type JsonText =
  | { json: string }
  | { notJson: string }
  | { tooLarge: string };

/**
 * The JSON text of a value, which has to be JSON and within the bounds.
 *
 * @throws Whatever a getter, a trap or a `toJSON` of the guest throws.
 */
export function toJson(value: unknown, maxBytes: number): JsonText {
  const json = stringify(value);
  if (typeof json !== "string") return json;
  const bytes = json.length > maxBytes ? json.length : utf8Length(json);
  if (bytes > maxBytes) return { tooLarge: `${bytes} bytes, at most ${maxBytes}` };
  if (isDeeperThan(json, maxValueDepth)) {
    return { tooLarge: `nested deeper than ${maxValueDepth} levels` };
  }
  return { json };
}

function stringify(value: unknown): string | Exclude<JsonText, { json: string }> {
  try {
    return jsonStringify(value) ?? { notJson: `a ${typeof value} is not JSON` };
  } catch (error) {
    // Cycles and BigInts are TypeErrors of the engine, endless nesting is a RangeError.
    if (error instanceof RangeError) {
      return { tooLarge: `nested deeper than ${maxValueDepth} levels` };
    }
    if (!(error instanceof TypeError)) throw error;
    return { notJson: typeof error.message === "string" ? error.message : inspect(error) };
  }
}
