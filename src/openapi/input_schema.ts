/** Puts the parameters and the body of an operation into one flat object of arguments. @module */

import { isSchemaObject, type SchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema } from "../catalog/tool.ts";
import { cleanText } from "../servers/clean_text.ts";
import type { LocalRefs } from "./local_refs.ts";
import type { Parameter } from "./parameters.ts";
import { asPart, ownMember } from "./part.ts";
import { type BodyPlan, isBinary } from "./request_body.ts";
import type { ConvertedSchema, SchemaLibrary } from "./schema_library.ts";

const maxDescriptionChars = 1024;

/** Most names in the list of what the properties of an optional body need beside them. */
const maxDependent = 1024;

/** What these say holds of an object as a whole, and would be lost beside parameters. */
const wholeKeywords = ("$ref allOf anyOf oneOf not if patternProperties dependentSchemas " +
  "propertyNames unevaluatedProperties minProperties maxProperties").split(" ");

/** Where the body is among the arguments. */
export type BodyPlace =
  /** There is none. */
  | { readonly kind: "none" }
  /** One argument is the whole body. */
  | { readonly kind: "whole"; readonly argument: string }
  /** What is no parameter is a property of the body. */
  | { readonly kind: "spread" };

/** What {@linkcode createInputSchema} found. */
export interface InputSchema {
  /** Always an object. */
  readonly schema: JsonSchema;
  /** What the request is made with. */
  readonly body: BodyPlace;
}

/** What it is made from. */
export interface InputSources {
  /** Those that code sets. */
  readonly parameters: readonly Parameter[];
  /** Absent where there is none to send. */
  readonly body: BodyPlan | undefined;
  /** Converts what travels to the API. */
  readonly library: SchemaLibrary;
  /** Those of the document. */
  readonly refs: LocalRefs;
}

/** A file among the arguments: what code has is text. */
const file: JsonSchema = {
  description: "A file: its bytes in base64, or an object that names it too",
  anyOf: [
    { type: "string", contentEncoding: "base64" },
    {
      type: "object",
      properties: {
        data: { type: "string", contentEncoding: "base64" },
        filename: { type: "string" },
        mimeType: { type: "string" },
      },
      required: ["data"],
      additionalProperties: false,
    },
  ],
};

/**
 * The schema of a tool's arguments. Parameters go by their names. A body that
 * is an object goes by the names of its properties, as models write flat
 * arguments best; where one of these is taken, or it is no plain object, the
 * body is the argument `body`.
 *
 * @throws {UpstreamError} `refused`, where the schemas are too large.
 */
export function createInputSchema(sources: InputSources): InputSchema {
  const { parameters, body, library } = sources;
  const parts: ConvertedSchema[] = [];
  const properties = new Map<string, JsonSchema>();
  const required = new Set<string>();
  for (const { argument, description, schema, ...parameter } of parameters) {
    const converted = library.convert(schema);
    const remarkChars = argument.length + Math.min(description?.length ?? 0, maxDescriptionChars);
    parts.push({ ...converted, chars: converted.chars + remarkChars });
    properties.set(argument, withDescription(converted.schema, description));
    if (parameter.required) required.add(argument);
  }
  const open: Record<string, unknown> = { additionalProperties: false };
  const place = body === undefined
    ? { kind: "none" } as const
    : addBody({ body, sources, parts, properties, required, open });
  const schema = {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.size > 0 && { required: [...required] }),
    ...open,
    ...library.definitionsFor(parts),
  };
  return { schema, body: place };
}

/** The schema as far as it is made. */
interface Draft {
  readonly body: BodyPlan;
  readonly sources: InputSources;
  readonly parts: ConvertedSchema[];
  readonly properties: Map<string, JsonSchema>;
  readonly required: Set<string>;
  readonly open: Record<string, unknown>;
}

function addBody(draft: Draft): BodyPlace {
  const { body, properties, required } = draft;
  const object = spreadable(draft);
  if (object !== undefined) {
    spread(draft, object);
    return { kind: "spread" };
  }
  let argument = "body";
  while (properties.has(argument)) argument = `request_${argument}`;
  const schema = wholeSchema(draft);
  properties.set(argument, withDescription(schema, body.description));
  if (body.required) required.add(argument);
  return { kind: "whole", argument };
}

function wholeSchema({ body, sources, parts }: Draft): JsonSchema {
  switch (body.kind) {
    case "text":
      return { type: "string" };
    case "binary":
      return { type: "string", contentEncoding: "base64", description: "Bytes in base64" };
    case "json":
    case "form":
    case "multipart": {
      const converted = sources.library.convert(body.schema);
      parts.push(converted);
      return converted.schema;
    }
    default:
      return body.kind satisfies never;
  }
}

/** The body's schema where it is an object with names that are all free. */
function spreadable({ body, sources, properties }: Draft): SchemaObject | undefined {
  if (body.kind === "text" || body.kind === "binary") return undefined;
  const raw = sources.refs.follow(body.schema);
  if (raw === undefined || raw.nullable === true) return undefined;
  const { schema } = sources.library.convert(raw);
  if (!isSchemaObject(schema) || !isSchemaObject(schema.properties)) return undefined;
  const isPlain = (schema.type === undefined || schema.type === "object") &&
    wholeKeywords.every((keyword) => schema[keyword] === undefined);
  const names = Object.keys(schema.properties);
  return isPlain && names.length > 0 && names.every((name) => !properties.has(name))
    ? schema
    : undefined;
}

function spread(draft: Draft, object: SchemaObject): void {
  const { body, sources, parts, properties, required, open } = draft;
  parts.push(sources.library.convert(sources.refs.follow(body.schema)));
  const raw = asPart(sources.refs.follow(body.schema)?.properties);
  for (const [name, schema] of Object.entries(object.properties ?? {})) {
    const isFile = body.fields.get(name)?.kind === "file";
    properties.set(name, isFile ? fileSchema(sources.refs.follow(ownMember(raw, name))) : schema);
  }
  const needed = Array.isArray(object.required) ? object.required.map(String) : [];
  if (body.required) {
    for (const name of needed) required.add(name);
  } else {
    // An optional body is either left out or has what it must have.
    const names = Object.keys(object.properties ?? {});
    const isShort = needed.length > 0 && needed.length * names.length <= maxDependent;
    if (isShort) open.dependentRequired = Object.fromEntries(names.map((name) => [name, needed]));
  }
  const { additionalProperties } = object;
  if (additionalProperties !== undefined) open.additionalProperties = additionalProperties;
}

function fileSchema(schema: SchemaObject | undefined): JsonSchema {
  const isList = schema?.type === "array" && !isBinary(schema);
  const one = isList ? { type: "array", items: file } : file;
  return withDescription(
    one,
    typeof schema?.description === "string" ? schema.description : undefined,
  );
}

/** What a parameter says about itself goes before what its schema says. */
function withDescription(schema: JsonSchema, description: string | undefined): JsonSchema {
  if (description === undefined || description === "" || schema === false) return schema;
  const rest = schema === true ? {} : schema;
  return { ...rest, description: cleanText(description, maxDescriptionChars) };
}
