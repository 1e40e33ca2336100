/** Finds the one function that code means to have called, and calls it. @module */

import type { AnyNode, ExportDefaultDeclaration, Program } from "acorn";

/** A body to put into an async function: what stands before it, it, and what stands after. */
export interface Body {
  /** Goes before the first line, on the same line. */
  before: string;
  js: string;
  /** Goes after the last line, on lines of its own. */
  after: string;
}

/** Holds a default export that has no name of its own; as long as `default`. */
const slot = "_$dflt=";

/** The program as a body, in which a lone, a `main` or a default-exported function is called. */
export function findEntry(js: string, { body }: Program): Body {
  const exported = body.find((node) => node.type === "ExportDefaultDeclaration");
  if (exported !== undefined) return callDefaultExport(js, exported);
  const [only] = body;
  if (body.length === 1 && only.type === "ExpressionStatement" && isFunction(only.expression)) {
    const expression = js.slice(0, only.end).replace(/;\s*$/, "");
    return { before: "return (", js: expression, after: ")(input);" };
  }
  const callsMain = body.some(declaresMain) && !body.some((node) => calls(node, "main"));
  return { before: "", js, after: callsMain ? "return await main(input);" : "" };
}

/** Whether a default export is something that can be called. */
export function isCallableExport({ declaration }: ExportDefaultDeclaration): boolean {
  return isFunction(declaration) || declaration.type === "FunctionDeclaration" ||
    declaration.type === "Identifier";
}

function callDefaultExport(js: string, node: ExportDefaultDeclaration): Body {
  const { declaration, start, end } = node;
  const named = declaration.type === "FunctionDeclaration" ? declaration.id?.name : undefined;
  const keywords = js.slice(start, declaration.start).replace("export", "      ");
  const head = keywords.replace("default", named === undefined ? slot : "       ");
  const semicolon = named === undefined ? ";" : "";
  return {
    before: named === undefined ? `let ${slot}0;` : "",
    js: js.slice(0, start) + head + js.slice(declaration.start, end) + semicolon + js.slice(end),
    after: `return await ${named ?? slot.slice(0, -1)}(input);`,
  };
}

function declaresMain(node: AnyNode): boolean {
  if (node.type === "FunctionDeclaration") return node.id?.name === "main";
  if (node.type !== "VariableDeclaration") return false;
  return node.declarations.some(({ id, init }) =>
    id.type === "Identifier" && id.name === "main" && isFunction(init)
  );
}

function isFunction(node: AnyNode | null | undefined): boolean {
  return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}

/** Whether a call of a name stands anywhere in a tree. */
function calls(root: AnyNode, name: string): boolean {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== "object" || node === null) continue;
    if (isCallOf(node, name)) return true;
    left.push(...Object.values(node));
  }
  return false;
}

function isCallOf(node: object, name: string): boolean {
  if (!("type" in node) || node.type !== "CallExpression" || !("callee" in node)) return false;
  const { callee } = node;
  return typeof callee === "object" && callee !== null && "name" in callee && callee.name === name;
}
