/** Finds tools and servers in code that do not exist. @module */

import type ts from "typescript";
import { isAskedFor } from "./guards.ts";
import type { CheckedFile } from "./checked_file.ts";
import type { TypeScript } from "./load_typescript.ts";

/** A tool or a server that code names and nothing declares. */
export interface UnknownTool {
  /** The name itself. */
  node: ts.Node;
  name: string;
  /** The namespace it is looked for in, or `tools`. */
  owner: string;
  /** Code asks elsewhere whether it is there. */
  isGuarded: boolean;
}

/** Names that every object answers for, and those the guest keeps from looking like tools. */
const neverTools = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "then",
  "toJSON",
  "prototype",
  "inspect",
]);

/** Finds unknown members of namespaces of tools, and unknown servers in `tools`. */
export class UnknownTools {
  readonly #ts: TypeScript;
  readonly #checker: ts.TypeChecker;
  readonly #checked: CheckedFile;
  readonly #tools: ts.Type | undefined;
  readonly #found: UnknownTool[] = [];
  readonly #askedFor = new Set<string>();

  constructor(ts: TypeScript, checker: ts.TypeChecker, checked: CheckedFile) {
    [this.#ts, this.#checker, this.#checked] = [ts, checker, checked];
    const symbol = checker.getSymbolsInScope(checked.file, ts.SymbolFlags.Variable)
      .find(({ name }) => name === "tools");
    this.#tools = symbol && checker.getTypeOfSymbol(symbol);
  }

  /** All of them, in the order in which they stand. */
  find(): UnknownTool[] {
    this.#visit(this.#checked.file);
    return this.#found.map((tool) => ({
      ...tool,
      isGuarded: tool.isGuarded || this.#askedFor.has(`${tool.owner}.${tool.name}`),
    }));
  }

  #visit(node: ts.Node): void {
    const ts = this.#ts;
    if (ts.isPropertyAccessExpression(node)) this.#access(node, node.expression, node.name);
    if (ts.isElementAccessExpression(node)) {
      this.#access(node, node.expression, node.argumentExpression);
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      if (node.initializer !== undefined) this.#destructure(node.name, node.initializer);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
      const owner = this.#ownerOf(node.right);
      if (owner !== undefined && ts.isStringLiteralLike(node.left)) {
        this.#askedFor.add(`${owner.name}.${node.left.text}`);
      }
    }
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  #access(node: ts.Node, object: ts.Expression, key: ts.Node): void {
    const ts = this.#ts;
    if (!ts.isIdentifier(key) && !ts.isStringLiteralLike(key)) return;
    if (ts.isElementAccessExpression(node) && ts.isIdentifier(key)) return;
    const owner = this.#ownerOf(object);
    if (owner === undefined) return;
    if (isAskedFor(ts, node)) this.#askedFor.add(`${owner.name}.${key.text}`);
    this.#note(owner, key, key.text, false);
  }

  #destructure(pattern: ts.ObjectBindingPattern, value: ts.Expression): void {
    const owner = this.#ownerOf(value);
    if (owner === undefined) return;
    for (const { name, propertyName, dotDotDotToken, initializer } of pattern.elements) {
      const key = propertyName ?? name;
      if (dotDotDotToken !== undefined) continue;
      if (!this.#ts.isIdentifier(key) && !this.#ts.isStringLiteralLike(key)) continue;
      this.#note(owner, key, key.text, initializer !== undefined);
    }
  }

  #note(owner: Owner, node: ts.Node, name: string, isGuarded: boolean): void {
    if (neverTools.has(name) || this.#isKnown(owner, name)) return;
    this.#found.push({ node, name, owner: owner.name, isGuarded });
  }

  /** A tool is known by either of its names; `tools` has both. */
  #isKnown({ name: namespace, type }: Owner, name: string): boolean {
    if (this.#checker.getPropertyOfType(type, name) !== undefined) return true;
    const server = this.#tools && this.#checker.getPropertyOfType(this.#tools, namespace);
    return server !== undefined &&
      this.#checker.getPropertyOfType(this.#checker.getTypeOfSymbol(server), name) !== undefined;
  }

  /** The namespace of tools, or `tools`, that an expression is. */
  #ownerOf(expression: ts.Expression): Owner | undefined {
    const type = this.#checker.getTypeAtLocation(expression);
    if (type === this.#tools) return { name: "tools", type };
    const parts = type.isIntersection() ? type.types : [type];
    const namespace = parts.find((part) => this.#isNamespace(part))?.symbol.name;
    return namespace === undefined ? undefined : { name: namespace, type };
  }

  #isNamespace({ symbol }: ts.Type): boolean {
    const ts = this.#ts;
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0 &&
      symbol.declarations?.[0]?.getSourceFile().fileName === this.#checked.tools;
  }
}

interface Owner {
  name: string;
  type: ts.Type;
}
