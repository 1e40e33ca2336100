/** Makes the value of a document from its text: JSON or YAML. @module */

import { parse as parseYaml } from "yaml";
import { UpstreamError } from "../servers/upstream_error.ts";
import { asPart, type Part } from "./part.ts";

/** Longest YAML text, in characters: it takes a hundred times as long as JSON. */
const maxYamlChars = 16 * 1024 * 1024;

/** Most values of a YAML document, each counted as often as an alias repeats it. */
const maxYamlValues = 4_000_000;

/** Keys that occur twice are taken as in JSON: to find them takes the square of their number. */
const yamlOptions = { logLevel: "error", merge: true, uniqueKeys: false } as const;

/** A document, and which family of schemas it uses. */
export interface ParsedDocument {
  /** The document itself. */
  readonly root: Part;
  /** Version 3.2 counts as 3.1. */
  readonly dialect: "3.0" | "3.1";
}

/**
 * Reads the text of an OpenAPI document of version 3.0, 3.1 or 3.2.
 *
 * @throws {UpstreamError} `refused`, where it is not one.
 */
export function parseDocument(text: string): ParsedDocument {
  const root = asPart(parseText(text.replace(/^\ufeff/, "")));
  if (root === undefined) throw new UpstreamError("refused", "its document is not an object");
  const version = root.openapi;
  if (typeof version === "string" && /^3\.0(\.|$)/.test(version)) return { root, dialect: "3.0" };
  if (typeof version === "string" && /^3\.[12](\.|$)/.test(version)) {
    return { root, dialect: "3.1" };
  }
  const found = root.swagger === undefined ? "no known version" : "Swagger 2";
  throw new UpstreamError("refused", `its document is ${found}, not OpenAPI 3.0 or 3.1`);
}

function parseText(text: string): unknown {
  const isJson = /^\s*[{[]/.test(text);
  if (!isJson && text.length > maxYamlChars) {
    throw new UpstreamError("refused", `its YAML is longer than ${maxYamlChars} characters`);
  }
  let value: unknown;
  try {
    value = isJson ? JSON.parse(text) : parseYaml(text, yamlOptions);
  } catch (cause) {
    // Whatever a parser has to say quotes the document; no line of it is handed on.
    throw new UpstreamError("refused", `its document is not ${isJson ? "JSON" : "YAML"}`, {
      cause,
    });
  }
  if (isJson || staysSmall(value)) return value;
  throw new UpstreamError("refused", "its YAML repeats itself without end");
}

/** Aliases make a few lines mean gigabytes, or lead back to themselves. */
function staysSmall(root: unknown): boolean {
  const left = [root];
  for (let seen = 0; left.length > 0; seen++) {
    if (seen + left.length > maxYamlValues) return false;
    const value = left.pop();
    if (typeof value === "object" && value !== null) {
      for (const inner of Object.values(value)) left.push(inner);
    }
  }
  return true;
}
