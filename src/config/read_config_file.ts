/** Reads a configuration file: JSON with comments and trailing commas. @module */

import { createScanner, getNodeValue, parseTree, printParseErrorCode } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import { AirlockError } from "../errors/airlock_error.ts";

/** Largest configuration file, in bytes. */
const maxFileBytes = 4 * 1024 * 1024;
const maxDepth = 64;

/**
 * Reads a configuration file; nothing in it is believed yet. An empty file
 * holds no settings.
 *
 * @throws {AirlockError} `invalid_config` where it cannot be read or is not JSON.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  return parseJsonc(await readTextFile(path), path);
}

/**
 * Reads a text file of bounded size.
 *
 * @throws {AirlockError} `invalid_config`, saying why it cannot be read.
 */
export async function readTextFile(path: string): Promise<string> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw cannotRead(path, "it is not a file");
    if (size > maxFileBytes) throw cannotRead(path, `it has more than ${maxFileBytes} bytes`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof AirlockError) throw error;
    if (error instanceof Deno.errors.NotFound) throw cannotRead(path, "there is no such file");
    if (error instanceof Deno.errors.PermissionDenied) throw cannotRead(path, "permission denied");
    throw cannotRead(path, "the file could not be opened", error);
  }
}

/**
 * Parses JSON with comments and trailing commas.
 *
 * @param name Stands for the text in errors.
 * @throws {AirlockError} `invalid_config` with line and column.
 */
export function parseJsonc(text: string, name: string): unknown {
  const source = text.replace(/^\ufeff/, "");
  assertNotTooDeep(source, name);
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length > 0) {
    const what = printParseErrorCode(errors[0].error).replace(/(?<=[a-z])(?=[A-Z])/g, " ");
    throw cannotRead(name, `${positionOf(source, errors[0].offset)}: ${what.toLowerCase()}`);
  }
  return tree === undefined ? {} : getNodeValue(tree);
}

/** The parser calls itself for each level, so depth is counted before it is used. */
function assertNotTooDeep(source: string, name: string): void {
  const scanner = createScanner(source, true);
  const closers: string[] = [];
  for (scanner.scan(); scanner.getTokenOffset() < source.length; scanner.scan()) {
    const first = source[scanner.getTokenOffset()];
    if (first === "{") closers.push("}");
    else if (first === "[") closers.push("]");
    else if (first === closers.at(-1)) closers.pop();
    if (closers.length <= maxDepth) continue;
    const position = positionOf(source, scanner.getTokenOffset());
    throw cannotRead(name, `${position}: nested more than ${maxDepth} levels deep`);
  }
}

/** `line:column` of an offset, both from 1. */
function positionOf(source: string, offset: number): string {
  const lines = source.slice(0, offset).split(/\r\n|\r|\n/);
  return `${lines.length}:${lines[lines.length - 1].length + 1}`;
}

function cannotRead(path: string, state: string, cause?: unknown): AirlockError {
  return new AirlockError("invalid_config", `Cannot read "${path}": ${state}`, { cause });
}
