/** Speaks to the process that owns the data folder, over its HTTP API. @module */

import { z } from "zod";
import { AirlockError, type RequestErrorCode } from "../errors/airlock_error.ts";
import type { OwnerAddress } from "../storage/owner.ts";

/** Bytes of one answer. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A problem document, as far as it is used. */
const problemSchema = z.object({
  code: z.enum(
    [
      "invalid_request",
      "unauthorized",
      "forbidden",
      "host_refused",
      "not_found",
      "conflict",
      "precondition_failed",
      "too_large",
      "key_reused",
      "queue_full",
      "shutting_down",
      "internal",
    ] satisfies RequestErrorCode[],
  ).catch("internal"),
  detail: z.string().max(10_000).optional(),
  title: z.string().max(1000).optional(),
  hint: z.string().max(10_000).optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).max(1000).optional(),
});

/** One request. */
export interface ApiRequest {
  /** The method. @default {"GET"} */
  method?: "GET" | "POST";
  /** Sent as JSON. */
  body?: unknown;
  /** Headers beside those of every request. */
  headers?: Record<string, string>;
  /** Ends the request. */
  signal?: AbortSignal;
}

/** The HTTP API of a running Airlock. */
export class ApiClient {
  readonly #address: Pick<OwnerAddress, "url" | "token">;

  /** Sends the token with every request; to that address only. */
  constructor(address: Pick<OwnerAddress, "url" | "token">) {
    this.#address = address;
  }

  /**
   * Sends a request and gives the answer with its body unread.
   *
   * @throws {AirlockError} with the code of the problem document, or
   * `unavailable` where nobody answers.
   */
  async send(path: string, request: ApiRequest = {}): Promise<Response> {
    const { method = "GET", body, headers = {}, signal } = request;
    const { url, token } = this.#address;
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method,
        redirect: "error",
        signal,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          ...body === undefined ? {} : { "content-type": "application/json" },
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      const state = "the process that owns the data folder does not answer";
      throw new AirlockError("unavailable", `Cannot reach "${url}": ${state}`, { cause });
    }
    if (!response.ok) throw await toError(response);
    return response;
  }

  /** Sends a request and parses the JSON it is answered with. */
  async json<T>(path: string, schema: z.ZodType<T>, request?: ApiRequest): Promise<T> {
    const parsed = schema.safeParse(parseJson(await readText(await this.send(path, request))));
    if (parsed.success) return parsed.data;
    throw new AirlockError(
      "unavailable",
      `Cannot understand "${this.#address.url}": it answers in another way than this version`,
      { cause: parsed.error },
    );
  }

  /** Sends a request and gives the text it is answered with. */
  async text(path: string, request?: ApiRequest): Promise<string> {
    return await readText(await this.send(path, request));
  }
}

/** A path of the API with its query; what is undefined is left out. */
export function apiPath(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]]
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

async function toError(response: Response): Promise<AirlockError> {
  const parsed = problemSchema.safeParse(parseJson(await readText(response)));
  if (!parsed.success) {
    const message = `Cannot use the running Airlock: it answered with status ${response.status}`;
    return new AirlockError("unavailable", message);
  }
  const { code, detail, title, hint, errors } = parsed.data;
  const message = detail ?? title ?? "Cannot answer: an internal error occurred";
  return new AirlockError(code, message, { hint, issues: errors });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new AirlockError("unavailable", "Cannot read an answer: it is too large");
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The value, or `undefined` where the text is no JSON, which no schema here accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
