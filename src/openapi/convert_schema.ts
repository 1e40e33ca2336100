/** Turns the schemas of an OpenAPI document into JSON Schema 2020-12. @module */

import { isSchema, isSchemaObject, type SchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema } from "../catalog/tool.ts";
import { cleanText } from "../servers/clean_text.ts";
import { measureJson } from "../servers/measure_json.ts";
import { asList } from "./part.ts";

const maxDepth = 48;
const maxDataDepth = 16;
const maxDescriptionChars = 1024;
const maxWordChars = 1000;
const maxItems = 10_000;

const wordKeywords = ["format", "pattern", "contentMediaType", "contentEncoding"];
const numberKeywords = ("multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength " +
  "maxLength minItems maxItems minProperties maxProperties minContains maxContains").split(" ");
const schemaKeywords = ("items additionalItems additionalProperties not if then else contains " +
  "propertyNames unevaluatedItems unevaluatedProperties").split(" ");
const listKeywords = ["allOf", "anyOf", "oneOf", "prefixItems"];
const mapKeywords = ["properties", "patternProperties", "dependentSchemas"];
const typeNames = ["array", "boolean", "integer", "null", "number", "object", "string"];

/** What {@linkcode convertSchema} needs to know. */
export interface ConvertContext {
  /** Version 3.0 has a dialect of its own; 3.1 is JSON Schema. */
  readonly dialect: "3.0" | "3.1";
  /** Which properties do not travel this way: `readOnly` ones are never sent. */
  readonly leftOut: "readOnly" | "writeOnly";
  /** The schema that a reference leads to, itself followed. */
  follow(value: unknown): SchemaObject | undefined;
  /** What to write in place of a reference; `undefined` where it leads nowhere. */
  refTo(ref: string): string | undefined;
}

/**
 * Copies a schema. Kept are the keywords that say something about values; a
 * part that is malformed, nested too deep, or in another document is left open.
 */
export function convertSchema(value: unknown, context: ConvertContext, depth = 0): JsonSchema {
  if (typeof value === "boolean") return value;
  if (!isSchemaObject(value) || depth > maxDepth) return {};
  const ref = typeof value.$ref === "string" ? context.refTo(value.$ref) : undefined;
  // In version 3.0 what stands beside a reference has no effect; people describe there all the same.
  const hasPlainRef = value.$ref !== undefined && context.dialect === "3.0";
  if (hasPlainRef) return { ...describe(value), ...(ref !== undefined && { $ref: ref }) };
  const copy: Record<string, unknown> = {
    ...describe(value),
    ...(ref !== undefined && { $ref: ref }),
    ...copyWords(value),
    ...copyNumbers(value),
    ...copyData(value),
    ...copyInner(value, context, depth),
  };
  return value.nullable === true ? withNull(copy) : copy;
}

function describe({ title, description, deprecated }: SchemaObject): Record<string, unknown> {
  return {
    ...(typeof title === "string" && { title: cleanText(title, 200) }),
    ...(typeof description === "string" && {
      description: cleanText(description, maxDescriptionChars),
    }),
    ...(deprecated === true && { deprecated }),
  };
}

function copyWords(value: SchemaObject): Record<string, unknown> {
  const types = [value.type].flat().filter((type) => typeNames.includes(String(type)));
  const words = wordKeywords.filter((keyword) => {
    const word = value[keyword];
    return typeof word === "string" && word.length <= maxWordChars;
  });
  return {
    ...(types.length > 0 && { type: types.length === 1 ? types[0] : types }),
    ...pick(value, words),
    ...(value.uniqueItems === true && { uniqueItems: true }),
  };
}

/** Version 3.0 says `minimum: 1, exclusiveMinimum: true`. */
function copyNumbers(value: SchemaObject): Record<string, unknown> {
  const copy = pick(value, numberKeywords.filter((keyword) => Number.isFinite(value[keyword])));
  for (
    const [bound, strict] of [["minimum", "exclusiveMinimum"], ["maximum", "exclusiveMaximum"]]
  ) {
    if (value[strict] !== true || copy[bound] === undefined) continue;
    copy[strict] = copy[bound];
    delete copy[bound];
  }
  return copy;
}

/** Values, not schemas. One that is nested deeper than any real one is left out. */
function copyData(value: SchemaObject): Record<string, unknown> {
  const isFlat = (data: unknown) => measureJson(data, maxDataDepth).depth <= maxDataDepth;
  const keywords = ["const", "default"].filter((key) => Object.hasOwn(value, key));
  const copy = pick(value, keywords.filter((keyword) => isFlat(value[keyword])));
  if (Array.isArray(value.enum) && value.enum.length <= maxItems && isFlat(value.enum)) {
    copy.enum = value.enum;
  }
  return copy;
}

function copyInner(
  value: SchemaObject,
  context: ConvertContext,
  depth: number,
): Record<string, unknown> {
  const convert = (inner: unknown) => convertSchema(inner, context, depth + 1);
  const copy: Record<string, unknown> = {};
  for (const keyword of schemaKeywords) {
    if (isSchema(value[keyword])) copy[keyword] = convert(value[keyword]);
  }
  for (const keyword of listKeywords) {
    const list = asList(value[keyword], maxItems);
    if (list.length > 0) copy[keyword] = list.map(convert);
  }
  const travels = (name: string, inner: unknown) =>
    name !== "properties" || context.follow(inner)?.[context.leftOut] !== true;
  for (const keyword of mapKeywords) {
    const map = value[keyword];
    if (!isSchemaObject(map)) continue;
    const entries = Object.entries(map).slice(0, maxItems)
      .filter(([, inner]) => travels(keyword, inner));
    copy[keyword] = Object.fromEntries(entries.map(([name, inner]) => [name, convert(inner)]));
  }
  const { properties } = value;
  const required = asList(value.required, maxItems).filter((name) =>
    typeof name === "string" &&
    (!isSchemaObject(properties) || !Object.hasOwn(properties, name) ||
      travels("properties", properties[name]))
  );
  if (required.length > 0) copy.required = required;
  return { ...copy, ...pick(value, hasNameLists(value) ? ["dependentRequired"] : []) };
}

function hasNameLists({ dependentRequired }: SchemaObject): boolean {
  return isSchemaObject(dependentRequired) && measureJson(dependentRequired, 2).depth <= 2;
}

/** Version 3.0 says `nullable: true`. Beside a combination, that one must allow it too. */
function withNull(schema: Record<string, unknown>): JsonSchema {
  const isCombined = ["$ref", "allOf", "anyOf", "oneOf", "const", "not"].some((keyword) =>
    schema[keyword] !== undefined
  );
  if (isCombined) {
    const { title, description, default: value, ...rest } = schema;
    const remarks = Object.entries({ title, description, default: value });
    return {
      ...Object.fromEntries(remarks.filter(([, remark]) => remark !== undefined)),
      anyOf: [rest, { type: "null" }],
    };
  }
  const types = [schema.type].flat().filter((type) => type !== undefined && type !== "null");
  return {
    ...schema,
    ...(types.length > 0 && { type: [...types, "null"] }),
    ...(Array.isArray(schema.enum) && { enum: [...new Set([...schema.enum, null])] }),
  };
}

function pick(value: SchemaObject, keywords: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, value[keyword]]));
}
