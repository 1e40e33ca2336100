/** Reads the OpenAPI documents that serve as servers of tools. @module */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Issue } from "../errors/airlock_error.ts";
import { isHttpUrl } from "./addresses.ts";
import type { DisabledServer, OpenApiConfig } from "./config.ts";
import { expandHeaders } from "./expand_headers.ts";
import { createExpander } from "./expand_variables.ts";
import type { VariableSource } from "./expand_variables.ts";
import type { Settings } from "./settings.ts";

/** The documents that were found. */
export interface FoundOpenApi {
  /** Those that can be used. */
  openapi: OpenApiConfig[];
  /** Those that cannot, and why. */
  disabledServers: DisabledServer[];
}

/**
 * Reads the documents; one whose variables are not set is disabled, as an MCP
 * server is. Files are relative to the configuration's folder.
 *
 * @param taken Names of MCP servers, which no document may have too.
 * @param issues What is wrong is added here.
 */
export function readOpenApi(
  documents: Settings["openapi"] = {},
  variables: VariableSource,
  taken: readonly string[],
  issues: Issue[],
): FoundOpenApi {
  const found: FoundOpenApi = { openapi: [], disabledServers: [] };
  for (const [name, document] of Object.entries(documents)) {
    if (taken.includes(name)) {
      issues.push({ path: `openapi.${name}`, message: "an MCP server has the same name" });
    }
    const { config, problems } = readDocument(name, document, variables);
    if (problems.length === 0) found.openapi.push(config);
    else found.disabledServers.push(disabled(name, problems));
  }
  return found;
}

function readDocument(
  name: string,
  { document, baseUrl, headers }: NonNullable<Settings["openapi"]>[string],
  variables: VariableSource,
): { config: OpenApiConfig; problems: string[] } {
  const expander = createExpander(variables);
  const expanded = expandHeaders(headers, expander);
  const config: OpenApiConfig = {
    name,
    document: locate(expander.expand(document), variables.folder),
    headers: expanded.headers,
  };
  if (baseUrl !== undefined) config.baseUrl = expander.expand(baseUrl);
  const problems = [...expanded.problems, ...expander.problems];
  if (problems.length === 0 && config.baseUrl !== undefined && !isHttpUrl(config.baseUrl)) {
    problems.push("its baseUrl is not one of http or https");
  }
  return { config, problems };
}

/** A URL as it is, a file as an absolute path. */
function locate(document: string, folder: string): string {
  if (isHttpUrl(document)) return document;
  if (URL.parse(document)?.protocol === "file:") return fileURLToPath(document);
  return resolve(folder, document);
}

function disabled(name: string, problems: readonly string[]): DisabledServer {
  const reason = `Cannot use server "${name}": ${problems.join(", ")}`;
  return { name, transport: "openapi", reason };
}
