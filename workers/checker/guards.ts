/** Finds names and tools whose existence code asks about before it relies on it. @module */

import type ts from "typescript";
import type { TypeScript } from "./load_typescript.ts";

/** The names that code holds `typeof` against: it is prepared for each of them to be missing. */
export function namesInTypeof(ts: TypeScript, file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeOfExpression(node) && ts.isIdentifier(node.expression)) {
      names.add(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** Whether a failure of the node is caught by a `catch` around it. */
export function isInTry(ts: TypeScript, node: ts.Node): boolean {
  for (let inner = node; inner.parent !== undefined; inner = inner.parent) {
    const { parent } = inner;
    if (ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause) return true;
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
