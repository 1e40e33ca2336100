/** Tells what makes code surely fail from what is only worth a word. @module */

import type ts from "typescript";
import type { Finding } from "../../src/protocol/checker_messages.ts";
import type { CheckedFile } from "./checked_file.ts";
import { isFailureHandled, isInTry, type NameGuards, readNameGuards } from "./guards.ts";
import type { TypeScript } from "./load_typescript.ts";
import { SurelyWrong } from "./surely_wrong.ts";
import { UnknownTools } from "./unknown_tools.ts";
import { isWrapped, prefixLines } from "./wrap_code.ts";

/** Findings of each severity that are reported at the most. */
const maxFindings = 20;
const maxMessage = 300;
/** TypeScript's codes for a name that nothing has. */
const unknownNames = new Set([
  2304,
  2552,
  2580,
  2581,
  2582,
  2583,
  2584,
  2591,
  2592,
  2593,
  2867,
  2868,
  18004,
]);
/** A property that does not exist. */
const unknownProperties = new Set([2339, 2551, 7053]);

/** Everything found in a file, what refuses it before what does not. */
export function findFaults(ts: TypeScript, program: ts.Program, checked: CheckedFile): Finding[] {
  const { file } = checked;
  const syntax = program.getSyntacticDiagnostics(file);
  if (syntax.length > 0) {
    return syntax.slice(0, maxFindings).map((diagnostic) => ({
      kind: "syntax",
      ...describe(ts, file, diagnostic),
    }));
  }
  // The host refuses what closes its wrapper, and says so better.
  if (!isWrapped(ts, file)) return [];
  const findings = new FaultFinder(ts, program, checked).find();
  const isRemark = ({ kind }: Finding) => kind === "remark";
  return [
    ...findings.filter((finding) => !isRemark(finding)).slice(0, maxFindings),
    ...findings.filter(isRemark).slice(0, maxFindings),
  ];
}

class FaultFinder {
  readonly #ts: TypeScript;
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;
  readonly #checked: CheckedFile;
  readonly #surelyWrong: SurelyWrong;
  readonly #guards: NameGuards;

  constructor(ts: TypeScript, program: ts.Program, checked: CheckedFile) {
    [this.#ts, this.#program, this.#checked] = [ts, program, checked];
    this.#checker = program.getTypeChecker();
    this.#surelyWrong = new SurelyWrong(ts, this.#checker);
    this.#guards = readNameGuards(ts, checked.file);
  }

  find(): Finding[] {
    const { file } = this.#checked;
    const tools = this.#unknownTools();
    const others = this.#program.getSemanticDiagnostics(file)
      .filter(({ code, start }) => !unknownProperties.has(code) || !tools.starts.has(start))
      .map((diagnostic) => this.#judge(diagnostic))
      .filter(({ name }) => name === undefined || !this.#guards.inTypeof.has(name));
    return [...tools.findings, ...this.#absentGlobals(), ...others]
      .toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  #unknownTools(): { findings: Finding[]; starts: Set<number | undefined> } {
    const { file } = this.#checked;
    const unknown = new UnknownTools(this.#ts, this.#checker, this.#checked).find();
    const { open } = this.#checked;
    const findings = unknown
      .filter(({ owner, name }) => !open.has(owner === "tools" ? name : owner))
      .map(({ node, name, owner, isGuarded }): Finding => ({
        kind: isGuarded || isFailureHandled(this.#ts, node) ? "remark" : "unknown_tool",
        ...placeOf(file, node.getStart(file)),
        message: owner === "tools"
          ? `There is no server "${name}"`
          : `Server "${owner}" has no tool "${name}"`,
        name,
        tool: owner,
      }));
    return { findings, starts: new Set(unknown.map(({ node }) => node.getStart(file))) };
  }

  /** Globals that TypeScript knows of and the guest does not have. */
  #absentGlobals(): Finding[] {
    const ts = this.#ts;
    const findings: Finding[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && this.#isAbsent(node)) {
        findings.push(this.#unknownName(node, `Cannot find name '${node.text}'`));
      }
      ts.forEachChild(node, visit);
    };
    visit(this.#checked.file);
    return findings;
  }

  #isAbsent(node: ts.Identifier): boolean {
    const ts = this.#ts;
    if (!this.#checked.absent.has(node.text) || ts.isPartOfTypeNode(node)) return false;
    if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return false;
    const declarations = this.#checker.getSymbolAtLocation(node)?.declarations ?? [];
    return declarations.length > 0 &&
      declarations.every((at) => at.getSourceFile().fileName.startsWith("/lib/")) &&
      !ts.isPropertySignature(declarations[0]);
  }

  #judge(diagnostic: ts.Diagnostic): Finding {
    const { file } = this.#checked;
    const described = describe(this.#ts, file, diagnostic);
    const node = this.#nodeAt(diagnostic.start ?? 0);
    if (unknownNames.has(diagnostic.code) && this.#ts.isIdentifier(node)) {
      return this.#unknownName(node, described.message);
    }
    const call = this.#wrongCallAround(node);
    if (call === undefined) return { kind: "remark", ...described };
    const path = this.#pathTo(node, call.node);
    const at = path === "" ? "" : ` at "${path}"`;
    const message = `Wrong arguments for ${call.tool}${at}: ${described.message}`;
    return { kind: "wrong_arguments", ...described, message, tool: call.tool };
  }

  #unknownName(node: ts.Identifier, message: string): Finding {
    const ts = this.#ts;
    const mayBeMissing = ts.isPartOfTypeNode(node) || this.#guards.makesGlobals ||
      isInTry(ts, node);
    return {
      kind: mayBeMissing ? "remark" : "unknown_name",
      ...placeOf(this.#checked.file, node.getStart(this.#checked.file)),
      message,
      name: node.text,
    };
  }

  /** The innermost call of a tool around a node, if that call is surely wrong and nothing deals with it. */
  #wrongCallAround(node: ts.Node): { node: ts.CallExpression; tool: string } | undefined {
    const ts = this.#ts;
    for (let at = node; at !== undefined && !ts.isFunctionLike(at); at = at.parent) {
      if (!ts.isCallExpression(at)) continue;
      const signature = this.#checker.getResolvedSignature(at);
      const tool = signature && this.#toolOf(signature);
      if (tool === undefined || signature === undefined) continue;
      const isWrong = this.#surelyWrong.call(at, signature) && !isFailureHandled(ts, at);
      return isWrong ? { node: at, tool } : undefined;
    }
    return undefined;
  }

  /** Where in the arguments of a call a node stands: `range.from`. */
  #pathTo(node: ts.Node, call: ts.CallExpression): string {
    const keys: string[] = [];
    for (let at = node; at !== call; at = at.parent) {
      if (this.#ts.isObjectLiteralElementLike(at) && at.name !== undefined) {
        keys.unshift(at.name.getText(this.#checked.file));
      }
    }
    return keys.join(".").slice(0, 100);
  }

  /** The tool that a signature declares: a function of a namespace, or a method of `memory` or `tools`. */
  #toolOf({ declaration }: ts.Signature): string | undefined {
    const ts = this.#ts;
    if (declaration?.getSourceFile().fileName !== this.#checked.tools) return undefined;
    const name = "name" in declaration ? declaration.name : undefined;
    if (name === undefined || !ts.isIdentifier(name)) return undefined;
    for (let at: ts.Node = declaration.parent; at !== undefined; at = at.parent) {
      if (!ts.isModuleDeclaration(at) && !ts.isVariableDeclaration(at)) continue;
      return ts.isIdentifier(at.name) ? `${at.name.text}.${name.text}` : undefined;
    }
    return undefined;
  }

  /** The innermost node at a position. */
  #nodeAt(position: number): ts.Node {
    const { file } = this.#checked;
    const find = (node: ts.Node): ts.Node => {
      const inner = this.#ts.forEachChild(
        node,
        (child) => child.getStart(file) <= position && position < child.end ? child : undefined,
      );
      return inner === undefined ? node : find(inner);
    };
    return find(file);
  }
}

function describe(
  ts: TypeScript,
  file: ts.SourceFile,
  { start, messageText }: ts.Diagnostic,
): Pick<Finding, "line" | "column" | "message"> {
  const lines = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n").map((line) =>
    line.trim().replace(/\.$/, "")
  );
  const whole = lines.join(": ");
  // The last line is the one that says what is wrong; long types stand before it.
  const message = whole.length <= maxMessage ? whole : lines[lines.length - 1];
  const shown = message.length <= maxMessage ? message : `${message.slice(0, maxMessage)}…`;
  return { ...placeOf(file, start ?? 0), message: shown };
}

function placeOf(file: ts.SourceFile, position: number): Pick<Finding, "line" | "column"> {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return { line: Math.max(1, line + 1 - prefixLines), column: character + 1 };
}
