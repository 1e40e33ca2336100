/** The bounds of one run. @module */

import type { Limits } from "../config/config.ts";
import { parseLimits } from "../config/parse_limits.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import type { RunRequest } from "./run_service.ts";

/**
 * What a request asks for, put over what is configured.
 *
 * @throws {AirlockError} `invalid_request`, or `too_large` where the code is.
 */
export function runLimits(request: RunRequest, configured: Limits): Limits {
  const limits = { ...configured, ...parseLimits(request.limits ?? {}, configured) };
  const bytes = utf8Length(request.code);
  if (bytes <= limits.codeBytes) return limits;
  const message = `Cannot take in the code: ${bytes} bytes, at most ${limits.codeBytes}`;
  throw new AirlockError("too_large", message);
}
