/** One OpenAPI document as a server of tools. @module */

import type { Catalog } from "../catalog/catalog.ts";
import type { OpenApiConfig } from "../config/config.ts";
import type { InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import { cleanText } from "../servers/clean_text.ts";
import { makeCall } from "../servers/make_call.ts";
import { Secrets } from "../servers/secrets.ts";
import type { ServerState } from "../servers/server_state.ts";
import { toNetworkError, UpstreamError } from "../servers/upstream_error.ts";
import { buildRequest } from "./build_request.ts";
import { followRedirects } from "./follow_redirects.ts";
import { listOperations, type OperationListing } from "./list_operations.ts";
import { loadDocument } from "./load_document.ts";
import type { Operation } from "./operation.ts";
import { readAnswer } from "./read_answer.ts";

const log = logger("openapi");

const maxReasonChars = 1024;

/** What an {@linkcode OpenApiServer} needs. */
export interface OpenApiDeps {
  /** Where its tools go. */
  catalog: Pick<Catalog, "setServer">;
}

/** Options of an {@linkcode OpenApiServer}. */
export interface OpenApiOptions {
  /** How long its document may take to come, milliseconds. @default {30000} */
  loadTimeoutMs?: number;
  /** How long one call may take, milliseconds. @default {300000} */
  callTimeoutMs?: number;
  /** Largest answer, in bytes. @default {16777216} */
  maxAnswerBytes?: number;
}

const nothing: OperationListing = {
  tools: [],
  operations: new Map(),
  quarantined: [],
  needsAuth: 0,
};

/** A configured document. Its tools stay in the catalog while it cannot be read anew. */
export class OpenApiServer {
  readonly #config: OpenApiConfig;
  readonly #deps: OpenApiDeps;
  readonly #options: Required<OpenApiOptions>;
  readonly #secrets: Secrets;
  readonly #stop = new AbortController();
  #state: ServerState["state"] = "connecting";
  #reason?: string;
  #listing = nothing;
  #loading?: Promise<void>;

  /** Reads nothing yet. */
  constructor(config: OpenApiConfig, deps: OpenApiDeps, options: OpenApiOptions = {}) {
    const { loadTimeoutMs = 30_000, callTimeoutMs = 300_000 } = options;
    const { maxAnswerBytes = 16 * 1024 * 1024 } = options;
    this.#config = config;
    this.#deps = deps;
    this.#options = { loadTimeoutMs, callTimeoutMs, maxAnswerBytes };
    this.#secrets = Secrets.of(config);
  }

  /** How it stands, as `GET /v1/servers` shows it. */
  get state(): ServerState {
    const { tools, quarantined } = this.#listing;
    return {
      name: this.#config.name,
      state: this.#state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      transport: "openapi",
      tools: tools.length,
      quarantined: [...quarantined],
    };
  }

  /** Reads the document, or waits for whoever reads it. Never throws: the state tells. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Makes a call. Throws as {@linkcode makeCall} does. */
  async call(call: SignedCall, options: InvokeOptions): Promise<Json> {
    return await makeCall(call, options, {
      attempt: () => this.#send(call, options),
      sort: toFailure,
      toWords: (text, maxChars) => this.#toWords(text, maxChars),
    });
  }

  /** Ends what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new UpstreamError("lost", "it was stopped"));
    await this.#loading;
    this.#state = "failed";
    this.#reason = this.#toReason("it was stopped");
  }

  async #load(): Promise<void> {
    const { loadTimeoutMs } = this.#options;
    this.#state = "connecting";
    this.#reason = undefined;
    const limited = limitTime(loadTimeoutMs, [this.#stop.signal]);
    try {
      const document = await loadDocument(this.#config, limited.signal);
      limited.signal.throwIfAborted();
      this.#publish(listOperations(document, this.#config));
    } catch (error) {
      const { kind, message } = toFailure(limited.signal.aborted ? limited.signal.reason : error);
      this.#state = kind === "needs_auth" ? "needs_auth" : "failed";
      this.#reason = this.#toReason(message);
      log.warn("document not read", { server: this.#config.name, reason: this.#reason });
    } finally {
      limited.end();
    }
  }

  #publish(listing: OperationListing): void {
    const { name } = this.#config;
    const quarantined = listing.quarantined.map(({ tool, reason }) => ({
      tool: this.#secrets.hide(tool),
      reason: this.#secrets.hide(reason),
    }));
    this.#listing = { ...listing, quarantined };
    this.#deps.catalog.setServer(name, listing.tools);
    const isLocked = listing.tools.length === 0 && listing.needsAuth > 0;
    this.#state = isLocked ? "needs_auth" : "ready";
    this.#reason = isLocked
      ? this.#toReason("all its tools need credentials that are not configured")
      : undefined;
    const counts = { tools: listing.tools.length, quarantined: quarantined.length };
    log.info("tools read", { server: name, ...counts });
  }

  async #send(call: SignedCall, options: InvokeOptions): Promise<Json> {
    const operation = await this.#operationOf(call.grant.tool.tool, options.signal);
    const plan = buildRequest(operation, call.args, this.#config.headers);
    const limited = limitTime(this.#options.callTimeoutMs, [options.signal, this.#stop.signal]);
    try {
      const mayFollow = (to: URL) => to.origin === operation.base.origin;
      const response = await followRedirects(plan, mayFollow, limited.signal);
      return this.#secrets.hideIn(await readAnswer(response, this.#options.maxAnswerBytes));
    } catch (error) {
      throw limited.signal.aborted ? limited.signal.reason : error;
    } finally {
      limited.end();
    }
  }

  async #operationOf(name: string, signal: AbortSignal): Promise<Operation> {
    if (!this.#listing.operations.has(name)) await this.#loading;
    if (signal.aborted) throw new UpstreamError("unsent", "it was cancelled");
    const operation = this.#listing.operations.get(name);
    if (operation !== undefined) return operation;
    throw new UpstreamError("missing", this.#reason ?? "its document no longer has it");
  }

  #toWords(text: string, maxChars: number): string {
    return this.#secrets.hide(cleanText(this.#secrets.hide(text), maxChars));
  }

  #toReason(problem: string): string {
    return this.#toWords(`Cannot use "${this.#config.name}": ${problem}`, maxReasonChars);
  }
}

/** A signal that fires with the others, or when the time is up; `end()` stops the clock. */
function limitTime(ms: number, others: readonly AbortSignal[]) {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new UpstreamError("timed_out", `no answer within ${ms} ms`)),
    ms,
  );
  return {
    signal: AbortSignal.any([...others, late.signal]),
    end: () => clearTimeout(timer),
  };
}

/** Whatever came in the way of a request. */
function toFailure(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (!(error instanceof Error)) return new UpstreamError("lost", "unknown failure");
  return toNetworkError(error);
}
