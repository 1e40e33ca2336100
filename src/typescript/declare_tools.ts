/** The declarations the model is shown, and code is checked against. @module */

import { ignoresRefSiblings, isSchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema, Tool, ToolAnnotations } from "../catalog/tool.ts";
import { validateArguments } from "../catalog/validate_arguments.ts";
import { docComment } from "./doc_comment.ts";
import { commentText, quoteText } from "./escape_text.ts";
import { airlockGlobals } from "./guest_lib.ts";
import { TypeNames } from "./type_names.ts";
import { type NamedType, TypeWriter, type TypeWriterOptions } from "./type_writer.ts";

/** Options of {@linkcode signatureOf}. */
export interface SignatureOptions {
  /** Past about so many characters, types are shortened. @default {240} */
  maxChars?: number;
}

/** Options of {@linkcode declareTool}. */
export interface DeclareOptions {
  /** Past about so many characters, types are shortened; `Infinity` gives them whole. @default {8_000} */
  maxChars?: number;
}

const maxDescription = 4_000;
/** An observed type within a comment, in characters. */
const maxObserved = 2_000;
/** Whole types have an end too: no schema can make a declaration without one. */
const maxWhole = 200_000;
/** How a signature becomes shorter, step by step, until it fits. */
const shortenings = [
  { maxDepth: 6, share: 1 },
  { maxDepth: 3, share: 1 },
  { maxDepth: 2, share: 0.8 },
  { maxDepth: 1, share: 0.6 },
  { maxDepth: 1, share: 0.4 },
];
const anyArguments: JsonSchema = { type: "object" };

/**
 * A tool in one line, short enough for a list of search hits: deep or long
 * types are shortened, named types stand with their names alone.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { signatureOf } from "./declare_tools.ts";
 * const tool = {
 *   name: "shop.reviews", server: "shop", tool: "reviews", namespace: "shop", member: "reviews",
 *   hash: "", inputSchema: { properties: { id: { type: "string" } }, required: ["id"] },
 * };
 * strictEqual(signatureOf(tool), "shop.reviews(args: { id: string }): Promise<any>");
 * ```
 */
export function signatureOf(tool: Tool, { maxChars = 240 }: SignatureOptions = {}): string {
  let text = "";
  for (const { maxDepth, share } of shortenings) {
    const options = { layout: "line", maxDepth, maxEnum: 6, names: new TypeNames() } as const;
    const argsShare = answerOf(tool) === undefined ? share : 0.6 * share;
    const answerChars = maxChars * 0.4 * share;
    const args = new TypeWriter(argumentsOf(tool), { ...options, maxChars: maxChars * argsShare });
    const answer = writeAnswer(tool, { ...options, maxChars: answerChars })?.write() ?? "any";
    const mark = isObserved(tool) ? " /* observed */" : "";
    text = `${tool.name}${parametersOf(tool, args.write())}: Promise<${answer}${mark}>`;
    if (text.length <= maxChars) break;
  }
  return text;
}

/**
 * A tool with its doc comment, its types and the named types they need, by
 * itself: `declare namespace shop { function reviews(…): … }`.
 *
 * Where the server promises no form of the answer, it is the one that was
 * observed, marked as such, else `any`: code can use it without casts. What a given schema leaves open is `unknown` in arguments,
 * which takes every value, and `any` in answers.
 */
export function declareTool(tool: Tool, { maxChars = 8_000 }: DeclareOptions = {}): string {
  const member = declareMember(tool, { maxChars, observed: "type" });
  return `declare namespace ${tool.namespace} {\n${member}}\n`;
}

/**
 * Ambient declarations of all that code sees: a script without import or
 * export, for editors and `deno check`. Of the web platform it declares
 * nothing, as Deno's own library has it; `guestLib` is for checkers without.
 * An observed form is told in the comment alone: it is no reason to refuse code.
 */
export function declareApi(tools: readonly Tool[]): string {
  const byNamespace = [...Map.groupBy(tools, (tool) => tool.namespace)];
  const namespaces = byNamespace.map(([namespace, members]) =>
    `declare namespace ${namespace} {\n${
      members.map((tool) => declareMember(tool, { maxChars: Infinity, observed: "comment" }))
        .join("\n")
    }}\n`
  );
  return [airlockGlobals, ...namespaces, declareToolsObject(byNamespace)].join("\n");
}

interface MemberOptions {
  readonly maxChars: number;
  /** Where the observed form of the answer stands. */
  readonly observed: "type" | "comment";
}

/** The function and its types, as they stand within the namespace of the server. */
function declareMember(tool: Tool, { maxChars, observed }: MemberOptions): string {
  const names = new TypeNames();
  const isTyped = !isObserved(tool) || observed === "type";
  const share = answerOf(tool) === undefined ? 1 : 0.5;
  const options = {
    maxChars: share * Math.min(maxChars, maxWhole),
    qualifier: `${tool.member}.`,
    names,
  };
  const args = new TypeWriter(argumentsOf(tool), options);
  const answer = isTyped ? writeAnswer(tool, options) : undefined;
  const signature = `${parametersOf(tool, args.write("  "))}: Promise<${
    answer?.write("  ") ?? "any"
  }>`;
  const remark = isTyped ? "" : `: ${observedText(tool)}`;
  const doc = docComment(describeTool(tool, remark), "  ");
  const named = [...args.writeNamed("    "), ...(answer?.writeNamed("    ") ?? [])];
  const types = named.length === 0
    ? ""
    : `  namespace ${tool.member} {\n${named.map(declareType).join("")}  }\n`;
  return `${doc}  function ${tool.member}${signature};\n${types}`;
}

function declareType({ name, text, doc }: NamedType): string {
  return `${docComment(doc, "    ")}    type ${name} = ${text};\n`;
}

function parametersOf(tool: Tool, type: string): string {
  const isOptional = validateArguments(tool, {}).length === 0;
  return `(args${isOptional ? "?" : ""}: ${type})`;
}

/** The schema of the arguments; they are an object, whatever it says. */
function argumentsOf({ inputSchema }: Tool): JsonSchema {
  if (!isSchemaObject(inputSchema) || Object.keys(inputSchema).length === 0) return anyArguments;
  const isTyped = inputSchema.type !== undefined || ignoresRefSiblings(inputSchema);
  return isTyped ? inputSchema : { ...inputSchema, type: "object" };
}

function writeAnswer(tool: Tool, options: TypeWriterOptions): TypeWriter | undefined {
  const schema = answerOf(tool);
  return schema === undefined ? undefined : new TypeWriter(schema, { ...options, untyped: "any" });
}

/** The schema of the answer: promised, or else observed. */
function answerOf({ outputSchema, observed }: Tool): JsonSchema | undefined {
  return outputSchema ?? observed;
}

function isObserved({ outputSchema, observed }: Tool): boolean {
  return outputSchema === undefined && observed !== undefined;
}

function observedText(tool: Tool): string {
  const type = writeAnswer(tool, { layout: "line", maxChars: maxObserved })?.write() ?? "any";
  return commentText(type, 2 * maxObserved);
}

/** @param remark Follows the sentence about an observed answer. */
function describeTool(tool: Tool, remark: string): string {
  const isRenamed = tool.member !== tool.tool || tool.namespace !== tool.server;
  return [
    commentText(tool.description ?? tool.title ?? "", maxDescription),
    isRenamed
      ? `Original name: ${commentText(quoteText(tool.tool), 300)} of server ${
        commentText(quoteText(tool.server), 300)
      }.`
      : "",
    describeHints(tool.annotations),
    isObserved(tool)
      ? `Answer observed in earlier calls, not promised by the server${remark}.`
      : "",
    tool.blocked === undefined ? "" : `Cannot be called for now: ${tool.blocked}.`,
  ].filter((part) => part.trim() !== "").join("\n\n");
}

function describeHints({ readOnlyHint, destructiveHint, idempotentHint }: ToolAnnotations = {}) {
  const hints = [
    readOnlyHint === true ? "read-only" : "",
    destructiveHint === true && readOnlyHint !== true ? "destructive" : "",
    idempotentHint === true && readOnlyHint !== true ? "idempotent" : "",
  ].filter((hint) => hint !== "");
  return hints.length === 0 ? "" : `Its server says: ${hints.join(", ")}.`;
}

/** The global `tools`: its own functions, and the servers by either of their names. */
function declareToolsObject(byNamespace: readonly [string, readonly Tool[]][]): string {
  const servers = byNamespace.flatMap(([namespace, tools]) => {
    const [{ server }] = tools;
    const renamed = tools.filter(({ tool, member }) => tool !== member)
      .map(({ tool, member }) => `${quoteText(tool)}: typeof ${namespace}.${member}`);
    const type = [
      `typeof ${namespace}`,
      ...(renamed.length > 0 ? [`{ ${renamed.join("; ")} }`] : []),
    ]
      .join(" & ");
    const names = new Set([namespace, server]);
    return [...names].map((name) => `  readonly ${quoteText(name)}: ${type};\n`);
  });
  return `${toolsObject} & {\n${servers.join("")}};\n`;
}

const toolsObject = `/** Every tool, to be found, described and called by any of its names. */
declare const tools: {
  /** Best matches first; all tools where there is no query. */
  search(
    query?: string,
    options?: { server?: string; detail?: "names" | "signatures" | "full"; limit?: number },
  ): Promise<{
    name: string;
    server: string;
    tool: string;
    title?: string;
    summary: string;
    signature?: string;
    declaration?: string;
    inputSchema?: any;
    outputSchema?: any;
    observed?: boolean;
  }[]>;
  /** The declaration of a tool. */
  describe(name: string): Promise<string>;
  call(name: string, args?: { [name: string]: unknown }): Promise<any>;
  /** Reads a resource: the list of its parts, with \`text\` or \`blob\` (base64). */
  resource(uri: string, options?: { server?: string }): Promise<any>;
}`;
