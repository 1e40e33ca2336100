/**
 * A stranger's JSON Schema, copied into one that is safe to interpret: only
 * keywords of the right form, only references that lead somewhere, only
 * patterns that take linear time. @module
 */

import type { Schema } from "@cfworker/json-schema";
import { linearPattern } from "./linear_pattern.ts";
import { ignoresRefSiblings, isSchema, isSchemaObject, SchemaRefs } from "./schema_refs.ts";
import type { SchemaObject } from "./schema_refs.ts";
import type { JsonSchema } from "./tool.ts";

const maxDepth = 64;
const maxSchemas = 10_000;
const maxPatternProperties = 16;

const numberKeywords = "minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength " +
  "minItems maxItems minProperties maxProperties minContains maxContains";
const schemaKeywords = "not if then else contains propertyNames items additionalItems " +
  "additionalProperties unevaluatedItems unevaluatedProperties";
const listKeywords = "allOf anyOf oneOf prefixItems items";
const mapKeywords = "properties dependentSchemas";
const typeNames = ["array", "boolean", "integer", "null", "number", "object", "string"] as const;

/** A schema in the form the validator takes. */
export interface BoundedSchema {
  /** The copy. */
  readonly schema: Schema | boolean;
  /** Where its references lead. */
  readonly lookup: Record<string, Schema | boolean>;
  /** Up to draft 7, what stands beside a `$ref` is ignored. */
  readonly draft: "7" | "2020-12";
}

/**
 * Copies a schema. What it cannot keep (formats, `uniqueItems`, patterns not
 * known to be linear, foreign references, what is too deep or malformed) is
 * left out so that more is accepted, never less: then `not`, `if` and
 * `unevaluated…` go too, and `oneOf` counts as `anyOf`.
 *
 * @param onVisit Told the weight of each schema object as the validator enters it.
 */
export function boundSchema(root: JsonSchema, onVisit: (weight: number) => void): BoundedSchema {
  const exact = new SchemaCopier(root, onVisit, false);
  const bounded = exact.copyAll();
  return exact.isLoose ? new SchemaCopier(root, onVisit, true).copyAll() : bounded;
}

class SchemaCopier {
  /** Whether anything was left out. */
  isLoose = false;
  #copied = 0;
  readonly #refs: SchemaRefs;
  readonly #ids = new Map<JsonSchema, string>();
  readonly #lookup: Record<string, Schema | boolean> = Object.create(null);
  readonly #draft: "7" | "2020-12";

  constructor(
    readonly root: JsonSchema,
    readonly onVisit: (weight: number) => void,
    readonly isLenient: boolean,
  ) {
    this.#refs = new SchemaRefs(root);
    this.#draft = ignoresRefSiblings(root) ? "7" : "2020-12";
  }

  copyAll(): BoundedSchema {
    const schema = this.#copy(this.root, 0);
    for (const [target, id] of this.#ids) this.#lookup[id] = this.#copy(target, 0);
    return { schema, lookup: this.#lookup, draft: this.#draft };
  }

  #copy(value: unknown, depth: number): Schema | boolean {
    if (typeof value === "boolean") return value;
    if (!isSchemaObject(value) || depth > maxDepth || ++this.#copied > maxSchemas) {
      return this.#leaveOut();
    }
    const copy: Schema = {};
    const refs = this.#copyRefs(value);
    if (refs.length > 0 && this.#draft === "7") return refs[0];
    copyScalars(value, copy);
    this.#copyRegexes(value, copy, depth);
    this.#copyInner(value, copy, depth);
    if (refs.length > 0) copy.allOf = [...(copy.allOf ?? []), ...refs];
    this.#noteLoss(value, copy);
    if (this.isLenient) loosen(copy);
    const weight = weigh(copy);
    const onVisit = this.onVisit;
    Object.defineProperty(copy, "$recursiveAnchor", { get: () => void onVisit(weight) });
    return copy;
  }

  #leaveOut(): true {
    this.isLoose = true;
    return true;
  }

  #copyRefs(value: SchemaObject): Schema[] {
    const refs: Schema[] = [];
    for (const ref of [value.$ref, value.$dynamicRef, value.$recursiveRef]) {
      if (ref === undefined) continue;
      const target = typeof ref === "string" ? this.#refs.resolve(ref, value) : undefined;
      if (target === undefined) {
        this.#leaveOut();
        refs.push({});
        continue;
      }
      const id = this.#ids.get(target) ?? `#${this.#ids.size}`;
      this.#ids.set(target, id);
      refs.push({ $ref: id });
    }
    return refs;
  }

  #copyRegexes(value: SchemaObject, copy: Schema, depth: number): void {
    if (typeof value.pattern === "string") {
      if (linearPattern(value.pattern)) copy.pattern = value.pattern;
      else this.#leaveOut();
    }
    if (!isSchemaObject(value.patternProperties)) return;
    const entries = Object.entries(value.patternProperties);
    if (
      entries.length > maxPatternProperties || entries.some(([pattern]) => !linearPattern(pattern))
    ) {
      this.#leaveOut();
      copy.additionalProperties = true;
      return;
    }
    copy.patternProperties = this.#copyMap(value.patternProperties, depth);
  }

  #copyInner(value: SchemaObject, copy: Schema, depth: number): void {
    for (const keyword of schemaKeywords.split(" ")) {
      if (isSchema(value[keyword])) copy[keyword] ??= this.#copy(value[keyword], depth + 1);
    }
    for (const keyword of listKeywords.split(" ")) {
      const list = value[keyword];
      if (!Array.isArray(list) || list.length === 0) continue;
      copy[keyword] = list.map((item) => this.#copy(item, depth + 1));
    }
    for (const keyword of mapKeywords.split(" ")) {
      const map = value[keyword];
      if (isSchemaObject(map)) copy[keyword] = this.#copyMap(map, depth);
    }
    if (isSchemaObject(value.dependencies)) this.#copyDependencies(value.dependencies, copy, depth);
  }

  /** Up to draft 7, one keyword says what later became two. */
  #copyDependencies(dependencies: SchemaObject, copy: Schema, depth: number): void {
    const required: Record<string, string[]> = Object.create(null);
    const schemas: Record<string, Schema> = Object.create(null);
    for (const [name, value] of Object.entries(dependencies)) {
      if (Array.isArray(value)) required[name] = value.filter(isString);
      else schemas[name] = asObject(this.#copy(value, depth + 1));
    }
    copy.dependentRequired ??= required;
    copy.dependentSchemas ??= schemas;
  }

  #copyMap(map: SchemaObject, depth: number): Record<string, Schema | boolean> {
    return nullRecord(map, (item) => this.#copy(item, depth + 1));
  }

  #noteLoss(value: SchemaObject, copy: Schema): void {
    const isLossy = value.format !== undefined || value.uniqueItems === true ||
      (value.type !== undefined && copy.type === undefined);
    if (isLossy) this.#leaveOut();
  }
}

function copyScalars(value: SchemaObject, copy: Schema): void {
  for (const keyword of numberKeywords.split(" ")) {
    if (Number.isFinite(value[keyword])) copy[keyword] = value[keyword];
  }
  if (typeof value.multipleOf === "number" && value.multipleOf > 0) {
    copy.multipleOf = value.multipleOf;
  }
  if (value.exclusiveMinimum === true) moveKeyword(copy, "minimum", "exclusiveMinimum");
  if (value.exclusiveMaximum === true) moveKeyword(copy, "maximum", "exclusiveMaximum");
  const types = [value.type].flat();
  const known = typeNames.filter((name) => types.includes(name));
  if (known.length > 0 && known.length === types.length) {
    copy.type = value.nullable === true ? [...known, "null"] : known;
  }
  if (Array.isArray(value.enum)) {
    copy.enum = value.nullable === true ? [...value.enum, null] : value.enum;
  }
  if (value.const !== undefined) copy.const = value.const;
  if (Array.isArray(value.required)) copy.required = value.required.filter(isString);
  if (isSchemaObject(value.dependentRequired)) {
    copy.dependentRequired = nullRecord(
      value.dependentRequired,
      (names) => Array.isArray(names) ? names.filter(isString) : [],
    );
  }
}

/** Draft 4 says `minimum: 1, exclusiveMinimum: true`. */
function moveKeyword(copy: Schema, from: string, to: string): void {
  if (copy[from] === undefined) return;
  copy[to] = copy[from];
  delete copy[from];
}

function loosen(copy: Schema): void {
  for (const keyword of ["not", "if", "unevaluatedItems", "unevaluatedProperties", "maxContains"]) {
    delete copy[keyword];
  }
  if (copy.oneOf === undefined) return;
  copy.allOf = [...(copy.allOf ?? []), { anyOf: copy.oneOf }];
  delete copy.oneOf;
}

/** A record without a prototype, so that a key like `__proto__` is a key. */
function nullRecord<T>(map: SchemaObject, change: (value: unknown) => T): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of Object.entries(map)) record[key] = change(value);
  return record;
}

/** What a visit costs beside its inner schemas: 1 and more for long lists. */
function weigh({ required = [], enum: values = [], const: value, type }: Schema): number {
  const lists = JSON.stringify([values, value ?? null, type ?? null]).length / 64;
  return 1 + required.length + Math.floor(lists);
}

function asObject(schema: Schema | boolean): Schema {
  if (typeof schema !== "boolean") return schema;
  return schema ? {} : { not: {} };
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
