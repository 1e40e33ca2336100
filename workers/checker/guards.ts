/** Finds names and tools whose existence code asks about before it relies on it. @module */

import type ts from "typescript";
import type { TypeScript } from "./load_typescript.ts";

/** What code says about names that it may not find. */
export interface NameGuards {
  /** Names it holds `typeof` against: it is prepared for each of them to be missing. */
  readonly inTypeof: ReadonlySet<string>;
  /** It can make globals of its own, by `globalThis`. */
  readonly makesGlobals: boolean;
}

/** Reads what code says about names that it may not find. */
export function readNameGuards(ts: TypeScript, file: ts.SourceFile): NameGuards {
  const inTypeof = new Set<string>();
  let makesGlobals = false;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeOfExpression(node) && ts.isIdentifier(node.expression)) {
      inTypeof.add(node.expression.text);
    }
    if (ts.isIdentifier(node) && node.text === "globalThis") makesGlobals = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { inTypeof, makesGlobals };
}

/** Whether what a node throws is caught by a `catch` around it. */
export function isInTry(ts: TypeScript, node: ts.Node): boolean {
  return hasAncestor(
    node,
    (parent, inner) =>
      ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause !== undefined,
  );
}

/** Whether the failure of a tool call is dealt with: by `catch`, `.catch()` or `Promise.allSettled()`. */
export function isFailureHandled(ts: TypeScript, node: ts.Node): boolean {
  return isInTry(ts, node) || hasAncestor(node, (parent, inner) => {
    if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) {
      return false;
    }
    const method = parent.expression.name.text;
    return method === "allSettled" ||
      parent.expression === inner &&
        (method === "catch" || method === "then" && parent.arguments.length > 1);
  });
}

function hasAncestor(node: ts.Node, is: (parent: ts.Node, inner: ts.Node) => boolean): boolean {
  for (let inner = node; inner.parent !== undefined; inner = inner.parent) {
    if (is(inner.parent, inner)) return true;
  }
  return false;
}

/** Whether an expression is only asked whether it is there: `if (x)`, `x?.()`, `typeof x`, `x ?? y`. */
export function isAskedFor(ts: TypeScript, expression: ts.Node): boolean {
  const { parent } = expression;
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)) {
    return isAskedFor(ts, parent);
  }
  if (ts.isCallExpression(parent) || ts.isPropertyAccessExpression(parent)) {
    return parent.expression === expression && parent.questionDotToken !== undefined;
  }
  if (ts.isElementAccessExpression(parent)) {
    return parent.expression === expression && parent.questionDotToken !== undefined;
  }
  if (ts.isPrefixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.ExclamationToken;
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === expression;
  if (ts.isBinaryExpression(parent)) return isOperandOfQuestion(ts, parent, expression);
  return ts.isTypeOfExpression(parent) || ts.isIfStatement(parent) || ts.isWhileStatement(parent);
}

function isOperandOfQuestion(
  ts: TypeScript,
  { left, operatorToken }: ts.BinaryExpression,
  operand: ts.Node,
): boolean {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return left === operand;
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return true;
    default:
      return false;
  }
}
