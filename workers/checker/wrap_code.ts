/** Puts code, in any form that the host takes, into a function that TypeScript can check. @module */

import type ts from "typescript";
import { withoutFence } from "../code_fence.ts";
import type { TypeScript } from "./load_typescript.ts";

/** Lines that stand before the code. */
export const prefixLines = 1;

const prefix = 'void async function () {"use strict";\n';
const suffix = "\n}";

/** The code as the body of a function; its places move down by {@linkcode prefixLines}. */
export function wrapCode(ts: TypeScript, sent: string): string {
  return `${prefix}${withoutDefaultExport(ts, withoutFence(sent))}${suffix}`;
}

/**
 * The code as one anonymous function, which is no statement; `undefined` where
 * it does not begin like one.
 */
export function wrapLoneFunction(sent: string): string | undefined {
  const code = withoutFence(sent);
  if (!/^\s*(async\s+)?function\b/.test(code)) return undefined;
  return `${prefix.trimEnd()}(\n${code.replace(/[\s;]+$/, "")}\n)${suffix}`;
}

/** Whether the file is the wrapper and nothing else: no brace of the code closed it. */
export function isWrapped(ts: TypeScript, { statements }: ts.SourceFile): boolean {
  return statements.length === 1 && ts.isExpressionStatement(statements[0]) &&
    ts.isVoidExpression(statements[0].expression);
}

/** Makes a default export a `return`, which is as long, or a plain declaration. */
function withoutDefaultExport(ts: TypeScript, code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile("code.ts", code, ts.ScriptTarget.ESNext);
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) {
      const start = statement.getStart(file);
      return replaceHead(code, start, statement.expression.getStart(file), "return");
    }
    if (ts.isFunctionDeclaration(statement) && isDefault(ts, statement)) {
      const keyword = statement.name === undefined ? "return" : "      ";
      const end = statement.modifiers?.findLast(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
        ?.end ?? 0;
      return replaceHead(code, statement.getStart(file), end, keyword);
    }
  }
  return code;
}

function isDefault(ts: TypeScript, node: ts.FunctionDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

function replaceHead(code: string, start: number, end: number, keyword: string): string {
  const head = code.slice(start, end).replace("export", keyword).replace("default", "       ");
  return code.slice(0, start) + head + code.slice(end);
}
