/** The header that makes a repeated request the same one. @module */

import { invalidRequest } from "./invalid_request.ts";

/** The `Idempotency-Key` of a request, if there is one. */
export function parseIdempotencyKey(key: string | undefined, action: string): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = "must be 1 to 255 visible ASCII characters";
  throw invalidRequest(action, [{ path: "Idempotency-Key", message }]);
}
