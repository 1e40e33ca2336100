/** Makes tools of all operations of a document, and says which it cannot use. @module */

import type { ListedTool, QuarantinedTool } from "../catalog/tool.ts";
import type { OpenApiConfig } from "../config/config.ts";
import { cleanText } from "../servers/clean_text.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { findBaseUrl } from "./base_url.ts";
import { Credentials } from "./credentials.ts";
import type { LoadedDocument } from "./load_document.ts";
import { LocalRefs } from "./local_refs.ts";
import {
  type Operation,
  type OperationContext,
  type RawOperation,
  readOperation,
} from "./operation.ts";
import { asPart } from "./part.ts";
import { SchemaLibrary } from "./schema_library.ts";
import { nameTools } from "./tool_names.ts";

const maxOperations = 10_000;
const maxReasonChars = 1024;
const methods = ["get", "put", "post", "delete", "options", "head", "patch"];

/** What a document brings. */
export interface OperationListing {
  /** In the order of the document. */
  readonly tools: readonly ListedTool[];
  /** By name of the tool. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Operations that cannot be used, and why. */
  readonly quarantined: readonly QuarantinedTool[];
  /** Each of these lacks only a credential. */
  readonly needsAuth: number;
}

/**
 * Reads all operations. One that cannot be used is named with the reason and
 * costs its neighbours nothing.
 *
 * @throws {UpstreamError} Where the document names no server that can be reached.
 */
export function listOperations(document: LoadedDocument, config: OpenApiConfig): OperationListing {
  const { root } = document;
  const refs = new LocalRefs(root);
  const base = findBaseUrl(root, { configured: config.baseUrl, document: document.url });
  const context: OperationContext = {
    root,
    refs,
    base,
    baseChosenBy: config.baseUrl === undefined ? "declared" : "configured",
    credentials: new Credentials(root, refs, config),
    inputs: new SchemaLibrary(document, refs, "readOnly"),
    outputs: new SchemaLibrary(document, refs, "writeOnly"),
  };
  const { raw, quarantined } = collect(context);
  const names = nameTools(raw);
  const tools: ListedTool[] = [];
  const operations = new Map<string, Operation>();
  let needsAuth = 0;
  raw.forEach((each, index) => {
    const name = names[index];
    try {
      const { tool, operation } = readOperation(name, each, context);
      tools.push(tool);
      operations.set(name, operation);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.kind === "needs_auth") needsAuth++;
      quarantined.push(quarantine(name, error.message));
    }
  });
  return { tools, operations, quarantined, needsAuth };
}

function collect({ root, refs }: OperationContext): {
  raw: RawOperation[];
  quarantined: QuarantinedTool[];
} {
  const raw: RawOperation[] = [];
  const quarantined: QuarantinedTool[] = [];
  for (const [path, value] of Object.entries(asPart(root.paths) ?? {})) {
    const item = refs.follow(value);
    if (item === undefined) {
      quarantined.push(quarantine(path, "its path is in another document"));
      continue;
    }
    if (!path.startsWith("/")) continue;
    if (item.trace !== undefined) {
      quarantined.push(quarantine(`TRACE ${path}`, "requests of this method are not sent"));
    }
    for (const method of methods) {
      const operation = asPart(item[method]);
      if (operation !== undefined) {
        raw.push({ method: method.toUpperCase(), path, item, operation });
      }
    }
  }
  if (raw.length > maxOperations) {
    const rest = raw.length - maxOperations;
    quarantined.push(quarantine(`(${rest} further operations)`, `there are over ${maxOperations}`));
  }
  return { raw: raw.slice(0, maxOperations), quarantined };
}

function quarantine(name: string, problem: string): QuarantinedTool {
  const reason = cleanText(`Cannot use the tool: ${problem}`, maxReasonChars);
  return { tool: cleanText(name, 256), reason };
}
