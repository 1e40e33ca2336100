/**
 * Says which arguments a tool would surely refuse. TypeScript complains about
 * more than that: a `string` where one of three words is expected, or an object
 * that gets its last property a line later, may well be right. @module */

import type ts from "typescript";
import type { TypeScript } from "./load_typescript.ts";

/** So deep it looks into types; what is deeper passes. */
const maxDepth = 8;

/** Judges arguments by what is written there, and by types where nothing better is known. */
export class SurelyWrong {
  readonly #ts: TypeScript;
  readonly #checker: ts.TypeChecker;

  constructor(ts: TypeScript, checker: ts.TypeChecker) {
    [this.#ts, this.#checker] = [ts, checker];
  }

  /** Whether a call lacks arguments or has wrong ones. */
  call(call: ts.CallExpression, signature: ts.Signature): boolean {
    const { parameters, declaration } = signature;
    if (call.arguments.some((argument) => this.#ts.isSpreadElement(argument))) return false;
    const required =
      declaration?.parameters.filter((parameter) =>
        !("questionToken" in parameter) || parameter.questionToken === undefined
      ).length ?? 0;
    if (call.arguments.length < required) return true;
    return call.arguments.slice(0, parameters.length).some((argument, index) =>
      this.#expression(argument, this.#checker.getTypeOfSymbol(parameters[index]), 0)
    );
  }

  #expression(expression: ts.Expression, target: ts.Type, depth: number): boolean {
    const ts = this.#ts;
    if (this.#takesAll(target) || depth > maxDepth) return false;
    if (ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression)) {
      return this.#expression(expression.expression, target, depth);
    }
    if (ts.isConditionalExpression(expression)) {
      return this.#expression(expression.whenTrue, target, depth) &&
        this.#expression(expression.whenFalse, target, depth);
    }
    if (ts.isObjectLiteralExpression(expression)) {
      return partsOf(target).every((part) => this.#object(expression, part, depth + 1));
    }
    if (ts.isArrayLiteralExpression(expression)) {
      return partsOf(target).every((part) => this.#list(expression, part, depth + 1));
    }
    return this.#type(this.#checker.getTypeAtLocation(expression), target, depth);
  }

  #object(literal: ts.ObjectLiteralExpression, target: ts.Type, depth: number): boolean {
    if (this.#takesAll(target)) return false;
    if (!isObject(this.#ts, target) || this.#isList(target)) return true;
    const given = new Set<string>();
    let isOpen = false;
    for (const property of literal.properties) {
      const name = property.name === undefined ? undefined : this.#nameOf(property.name);
      if (name === undefined) {
        isOpen = true;
        continue;
      }
      given.add(name);
      if (this.#isWrongProperty(property, name, target, depth)) return true;
    }
    return !isOpen &&
      this.#checker.getPropertiesOfType(target).some((property) =>
        (property.flags & this.#ts.SymbolFlags.Optional) === 0 && !given.has(property.name)
      );
  }

  #isWrongProperty(
    property: ts.ObjectLiteralElementLike,
    name: string,
    target: ts.Type,
    depth: number,
  ): boolean {
    const symbol = this.#checker.getPropertyOfType(target, name);
    if (symbol === undefined) {
      return this.#checker.getIndexInfosOfType(target).length === 0 &&
        this.#checker.getPropertiesOfType(target).length > 0;
    }
    const type = this.#checker.getTypeOfSymbol(symbol);
    if (this.#ts.isPropertyAssignment(property)) {
      return this.#expression(property.initializer, type, depth);
    }
    if (!this.#ts.isShorthandPropertyAssignment(property)) return false;
    const value = this.#checker.getShorthandAssignmentValueSymbol(property);
    return value !== undefined &&
      this.#type(this.#checker.getTypeOfSymbolAtLocation(value, property.name), type, depth);
  }

  #nameOf(name: ts.PropertyName): string | undefined {
    const ts = this.#ts;
    const isPlain = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ||
      ts.isNumericLiteral(name);
    return isPlain ? name.text : undefined;
  }

  #list(literal: ts.ArrayLiteralExpression, target: ts.Type, depth: number): boolean {
    if (this.#takesAll(target)) return false;
    if (!this.#isList(target)) return true;
    const element = this.#elementOf(target);
    return element !== undefined && !this.#checker.isTupleType(target) &&
      literal.elements.some((item) =>
        !this.#ts.isSpreadElement(item) && this.#expression(item, element, depth)
      );
  }

  #type(source: ts.Type, target: ts.Type, depth: number): boolean {
    if (depth > maxDepth || this.#takesAll(target) || this.#isOpen(source)) return false;
    if (source.isUnion()) {
      return source.types.every((part) => this.#type(part, target, depth + 1));
    }
    if (target.isUnion()) {
      return target.types.every((part) => this.#type(source, part, depth + 1));
    }
    const [given, wanted] = [this.#kindOf(source), this.#kindOf(target)];
    if (given === undefined || wanted === undefined) return false;
    if (given !== "object" || wanted !== "object") return this.#isOtherValue(source, target);
    return this.#objectType(source, target, depth + 1);
  }

  /** Of two types, at least one of them primitive. */
  #isOtherValue(source: ts.Type, target: ts.Type): boolean {
    const kind = this.#kindOf(source);
    if (kind !== this.#kindOf(target)) {
      // A Date, say, is sent as a string.
      return kind !== "object" || !this.#checker.getPropertyOfType(source, "toJSON");
    }
    if (kind === "boolean") {
      return this.#isLiteral(source) && this.#isLiteral(target) && source !== target;
    }
    return source.isLiteral() && target.isLiteral() && source.value !== target.value;
  }

  #objectType(source: ts.Type, target: ts.Type, depth: number): boolean {
    if (this.#checker.getPropertyOfType(source, "toJSON")) return false;
    if (this.#isList(source) !== this.#isList(target)) {
      return this.#isList(source) || this.#checker.getPropertiesOfType(source).length > 0;
    }
    if (this.#isList(source)) {
      const [given, wanted] = [this.#elementOf(source), this.#elementOf(target)];
      return given !== undefined && wanted !== undefined && this.#type(given, wanted, depth);
    }
    return this.#checker.getPropertiesOfType(target).some((property) => {
      const given = this.#checker.getPropertyOfType(source, property.name);
      return given !== undefined && this.#type(
        this.#checker.getTypeOfSymbol(given),
        this.#checker.getTypeOfSymbol(property),
        depth,
      );
    });
  }

  #kindOf({ flags }: ts.Type): "string" | "number" | "boolean" | "object" | "other" | undefined {
    const { TypeFlags } = this.#ts;
    if (flags & TypeFlags.StringLike) return "string";
    if (flags & TypeFlags.NumberLike) return "number";
    if (flags & TypeFlags.BooleanLike) return "boolean";
    if (flags & (TypeFlags.BigIntLike | TypeFlags.ESSymbolLike)) return "other";
    return flags & TypeFlags.Object ? "object" : undefined;
  }

  /** Nothing is known of it, or it may be left out. */
  #isOpen({ flags }: ts.Type): boolean {
    const { Any, Unknown, Never, Null, Undefined, Void } = this.#ts.TypeFlags;
    return (flags & (Any | Unknown | Never | Null | Undefined | Void)) !== 0;
  }

  /** Every value will do: `any`, `unknown`, `{}`. */
  #takesAll(type: ts.Type): boolean {
    const { Any, Unknown, NonPrimitive } = this.#ts.TypeFlags;
    if (type.flags & (Any | Unknown | NonPrimitive)) return true;
    return this.#kindOf(type) === "object" &&
      this.#checker.getPropertiesOfType(type).length === 0 &&
      this.#checker.getIndexInfosOfType(type).length === 0;
  }

  #isLiteral({ flags }: ts.Type): boolean {
    return (flags & this.#ts.TypeFlags.BooleanLiteral) !== 0;
  }

  #isList(type: ts.Type): boolean {
    return this.#checker.isArrayLikeType(type);
  }

  #elementOf(type: ts.Type): ts.Type | undefined {
    return this.#checker.getIndexTypeOfType(type, this.#ts.IndexKind.Number);
  }
}

function partsOf(type: ts.Type): ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** An intersection counts as the object that it is all in all. */
function isObject(ts: TypeScript, { flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}
