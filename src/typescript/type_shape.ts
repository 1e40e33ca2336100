/** What must be known of a schema before its type is written. @module */

import { isSchemaObject, type SchemaObject, type SchemaRefs } from "../catalog/schema_refs.ts";
import type { JsonSchema } from "../catalog/tool.ts";

/** The compiler multiplies unions out when it intersects them; past this it gives up with an error. */
const maxWidth = 2_000;
const maxSteps = 20_000;
const maxDepth = 200;

/** Looks ahead through references: how wide is a type, does it name itself outright? */
export class TypeShape {
  readonly #refs: SchemaRefs;
  readonly #widths = new Map<SchemaObject, number>();
  readonly #circular = new Map<JsonSchema, boolean>();

  /** Looks through the references of one schema. */
  constructor(refs: SchemaRefs) {
    this.#refs = refs;
  }

  /** The values of `type`; where there is none, what the other keywords let one infer. */
  typesOf(schema: SchemaObject): readonly unknown[] {
    if (schema.type !== undefined) return [...new Set([schema.type].flat())];
    const keywords = Object.keys(schema);
    if (keywords.some((keyword) => /^(p|patternP|additionalP)roperties$/.test(keyword))) {
      return ["object"];
    }
    return keywords.some((keyword) => /^(items|prefixItems)$/.test(keyword)) ? ["array"] : [];
  }

  /** Whether a type would have so many alternatives, multiplied out, that no compiler takes it. */
  isTooWide(schema: SchemaObject): boolean {
    return this.#width(schema) > maxWidth;
  }

  /**
   * Whether a type leads back to itself with no object or list in between:
   * TypeScript refuses such a name.
   */
  isCircular(target: JsonSchema): boolean {
    let answer = this.#circular.get(target);
    if (answer === undefined) {
      answer = this.#leadsBack(target);
      this.#circular.set(target, answer);
    }
    return answer;
  }

  #leadsBack(start: JsonSchema): boolean {
    const path = new Set<JsonSchema>();
    const done = new Set<JsonSchema>();
    let steps = 0;
    const visit = (schema: JsonSchema): boolean => {
      if (path.has(schema) || ++steps > maxSteps || path.size > maxDepth) return true;
      if (done.has(schema) || !isSchemaObject(schema)) return false;
      path.add(schema);
      const isBack = this.#parts(schema).some(visit);
      path.delete(schema);
      done.add(schema);
      return isBack;
    };
    return visit(start);
  }

  /** The schemas that a type is made of without an object or list in between. */
  #parts(schema: SchemaObject): SchemaObject[] {
    const { $ref, $dynamicRef, $recursiveRef, allOf, anyOf, oneOf } = schema;
    const refs = [$ref, $dynamicRef, $recursiveRef].filter((ref) => typeof ref === "string");
    const targets = refs.map((ref) => this.#refs.resolve(ref, schema));
    return [targets, allOf, anyOf, oneOf].flat().filter(isSchemaObject);
  }

  #width(schema: SchemaObject, depth = 0): number {
    const known = this.#widths.get(schema);
    if (known !== undefined) return known;
    if (depth > maxDepth) return maxWidth + 1;
    this.#widths.set(schema, 1);
    const { allOf, anyOf, oneOf } = schema;
    const sum = (list: unknown) =>
      Array.isArray(list) && list.length > 0
        ? list.reduce((total: number, part) => total + this.#widthOf(part, depth), 0)
        : 1;
    const product = [allOf].flat().reduce(
      (total: number, part) => total * this.#widthOf(part, depth),
      1,
    );
    const width = Math.min(
      maxWidth + 1,
      product * sum(anyOf) * sum(oneOf) * this.#ownWidth(schema, depth),
    );
    this.#widths.set(schema, width);
    return width;
  }

  #widthOf(part: unknown, depth: number): number {
    return isSchemaObject(part) ? this.#width(part, depth + 1) : 1;
  }

  #ownWidth(schema: SchemaObject, depth: number): number {
    const ref = schema.$ref ?? schema.$dynamicRef ?? schema.$recursiveRef;
    const target = typeof ref === "string" ? this.#refs.resolve(ref, schema) : undefined;
    const types = Array.isArray(schema.enum) ? schema.enum : this.typesOf(schema);
    return this.#widthOf(target, depth) *
      Math.max(1, types.length + (types.includes("boolean") ? 1 : 0));
  }
}
