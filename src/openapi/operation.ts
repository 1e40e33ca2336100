/** One operation of a document, ready to be called. @module */

import type { ListedTool } from "../catalog/tool.ts";
import { cleanText } from "../servers/clean_text.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { ownBaseUrl } from "./base_url.ts";
import type { Credentials } from "./credentials.ts";
import { type BodyPlace, createInputSchema } from "./input_schema.ts";
import type { LocalRefs } from "./local_refs.ts";
import { readAnswers } from "./output_schema.ts";
import { type Parameter, readParameters } from "./parameters.ts";
import { asText, type Part } from "./part.ts";
import type { UrlOrigin } from "./reach.ts";
import { type BodyPlan, readRequestBody } from "./request_body.ts";
import type { SchemaLibrary } from "./schema_library.ts";

const maxTitleChars = 200;
const maxDescriptionChars = 4096;
const maxPathChars = 2048;

/** What it takes to send the request of a tool. */
export interface Operation {
  /** In capitals. */
  readonly method: string;
  /** With `{name}` where parameters go. */
  readonly path: string;
  /** What the path is added to. */
  readonly base: URL;
  /** Those that code sets. */
  readonly parameters: readonly Parameter[];
  /** How the body is written, where there is one. */
  readonly body?: BodyPlan;
  /** Where the body is among the arguments. */
  readonly bodyPlace: BodyPlace;
  /** Value of `Accept`. */
  readonly accept: string;
}

/** An operation as the document has it. */
export interface RawOperation {
  /** In capitals. */
  readonly method: string;
  /** As the document writes it. */
  readonly path: string;
  /** The path's own part. */
  readonly item: Part;
  /** The method's part of it. */
  readonly operation: Part;
}

/** What an operation is read with. */
export interface OperationContext {
  /** The whole document. */
  readonly root: Part;
  /** Those of the document. */
  readonly refs: LocalRefs;
  /** What the configuration gives. */
  readonly credentials: Credentials;
  /** What paths are added to, unless they name servers of their own. */
  readonly base: URL;
  /** Who named it. */
  readonly baseChosenBy: UrlOrigin;
  /** Schemas of what is sent. */
  readonly inputs: SchemaLibrary;
  /** Schemas of what is answered. */
  readonly outputs: SchemaLibrary;
}

/**
 * Makes a tool of an operation.
 *
 * @throws {UpstreamError} `needs_auth` or `refused`, where it cannot be called.
 */
export function readOperation(
  name: string,
  raw: RawOperation,
  context: OperationContext,
): { tool: ListedTool; operation: Operation } {
  const { method, path, item, operation } = raw;
  const { refs, credentials, inputs } = context;
  const missing = credentials.missingFor(operation.security ?? context.root.security);
  if (missing !== undefined) {
    throw new UpstreamError("needs_auth", `it needs ${missing}, which is not configured`);
  }
  const base = ownBaseUrl(
    operation.servers ?? item.servers,
    context.base,
    context.baseChosenBy,
  );
  const all = readParameters([item.parameters, operation.parameters], refs, credentials);
  const parameters = all.filter((parameter) =>
    parameter.place !== "path" || path.includes(`{${parameter.name}}`)
  );
  assertPath(path, parameters);
  const body = method === "GET" || method === "HEAD"
    ? undefined
    : readRequestBody(operation.requestBody, refs);
  const input = createInputSchema({ parameters, body, library: inputs, refs });
  const answers = readAnswers(operation, context.outputs, refs);
  const title = asText(operation.summary ?? item.summary, 65_536);
  return {
    tool: {
      name,
      ...(title !== undefined && title !== "" && { title: cleanText(title, maxTitleChars) }),
      description: describe(raw),
      inputSchema: input.schema,
      ...(answers.schema !== undefined && method !== "HEAD" && { outputSchema: answers.schema }),
      annotations: hintsOf(method),
    },
    operation: {
      method,
      path,
      base,
      parameters,
      ...(body !== undefined && { body }),
      bodyPlace: input.body,
      accept: answers.accept,
    },
  };
}

function assertPath(path: string, parameters: readonly Parameter[]): void {
  const names = new Set(parameters.filter(({ place }) => place === "path").map(({ name }) => name));
  const unknown = [...path.matchAll(/\{([^{}]*)\}/g)].find(([, name]) => !names.has(name));
  if (unknown !== undefined) {
    const name = JSON.stringify(unknown[1].slice(0, 100));
    throw new UpstreamError("refused", `its path needs ${name}, which is not among its parameters`);
  }
  const literal = path.replace(/\{[^{}]*\}/g, "x");
  const isPlain = path.length <= maxPathChars &&
    URL.parse(literal, "http://localhost")?.pathname === literal;
  if (!isPlain) throw new UpstreamError("refused", "its path is not the plain path of a URL");
}

/** Its own words, then how it is called over HTTP: people search for both. */
function describe({ method, path, item, operation }: RawOperation): string {
  const summary = asText(operation.summary ?? item.summary, 65_536)?.trim() ?? "";
  const description = asText(operation.description ?? item.description, 1_048_576)?.trim() ?? "";
  const words = [
    description.startsWith(summary) ? "" : summary,
    description,
    operation.deprecated === true ? "Deprecated." : "",
  ].filter((text) => text !== "").join("\n\n");
  const request = cleanText(`${method} ${path}`, 512);
  return [cleanText(words, maxDescriptionChars), request].filter((text) => text !== "")
    .join("\n\n");
}

/** What HTTP promises of a method. */
function hintsOf(method: string): ListedTool["annotations"] {
  const isReading = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const isIdempotent = isReading || method === "PUT" || method === "DELETE";
  return {
    ...(isReading && { readOnlyHint: true }),
    ...(method === "DELETE" && { destructiveHint: true }),
    ...(isIdempotent && { idempotentHint: true }),
    openWorldHint: true,
  };
}
