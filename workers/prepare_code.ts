/**
 * Turns what a model sent into a script that can run: a fence is taken off,
 * types are removed, a lone function is called. Runs in the host, since parsing
 * hostile text can abort the process that does it. @module
 */

import { type AnyNode, parse, type Program } from "acorn";
import { withoutFence } from "./code_fence.ts";
import { findEntry, isCallableExport } from "./find_entry.ts";
import { type Place, type Stripped, stripTypes, SyntaxFault } from "./strip_types.ts";

/** Code ready to run, and where its places come from. */
export interface PreparedCode {
  /** An expression: an async function. */
  script: string;
  /** The place in the code as it was sent, of a place in the script. */
  origin(place: Place): Place;
}

interface ReadCode extends Stripped {
  program: Program;
}

/**
 * Prepares code in any of the forms of the public surface.
 *
 * @throws {SyntaxFault} With the place in the code as it was sent.
 */
export function prepareCode(sent: string): PreparedCode {
  const { js, origin, program } = readCode(withoutFence(sent));
  const body = findEntry(js, program);
  const before = `(async function () {"use strict";${body.before}`;
  return {
    script: `${before}${body.js}\n${body.after}})`,
    origin: ({ line, column }) =>
      origin({ line, column: line === 1 ? Math.max(1, column - before.length) : column }),
  };
}

/** Reads code as a body; failing that, as a lone anonymous function, which is no statement. */
function readCode(code: string): ReadCode {
  try {
    return parseCode(code);
  } catch (fault) {
    if (!/^\s*(async\s+)?function\b/.test(code)) throw fault;
    return readLoneFunction(code) ?? rethrow(fault);
  }
}

function readLoneFunction(code: string): ReadCode | undefined {
  try {
    const read = parseCode(`(${code.replace(/[\s;]+$/, "")}\n)`);
    const origin = (place: Place) => {
      const { line, column } = read.origin(place);
      return { line, column: line === 1 ? Math.max(1, column - 1) : column };
    };
    return { ...read, origin };
  } catch {
    // The reason that counts is the one for the code as it was sent.
    return undefined;
  }
}

function rethrow(fault: unknown): never {
  throw fault;
}

function parseCode(code: string): ReadCode {
  const stripped = stripTypes(code);
  try {
    const program = parse(stripped.js, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      locations: true,
    });
    program.body.forEach(refuseModuleSyntax);
    return { ...stripped, program };
  } catch (error) {
    if (!isParserError(error)) throw error;
    const { line, column } = error.loc;
    const message = error.message.replace(/ \(\d+:\d+\)$/, "");
    throw new SyntaxFault(message, stripped.origin({ line, column: column + 1 }));
  }
}

function refuseModuleSyntax(node: AnyNode): void {
  if (node.type === "ImportDeclaration") {
    refuse(node, "import is not available in the sandbox: tools are globals");
  }
  const exports = node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration" ||
    (node.type === "ExportDefaultDeclaration" && !isCallableExport(node));
  if (exports) refuse(node, "export is not available, but for a default function: use return");
}

function refuse(node: AnyNode, message: string): never {
  throw Object.assign(new SyntaxError(message), { loc: node.loc?.start });
}

function isParserError(error: unknown): error is SyntaxError & { loc: Place } {
  return error instanceof SyntaxError && "loc" in error;
}
