/** What the answer of an operation looks like, as far as its document says. @module */

import type { JsonSchema } from "../catalog/tool.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import type { LocalRefs } from "./local_refs.ts";
import { asPart, type Part } from "./part.ts";
import type { ConvertedSchema, SchemaLibrary } from "./schema_library.ts";

const maxResponses = 16;
const maxAccept = 8;

/** The answers that count as success. */
export interface AnswerPlan {
  /** Value of `Accept`: JSON before all else. */
  readonly accept: string;
  /** Absent where the document gives no type for JSON. */
  readonly schema?: JsonSchema;
}

/** Reads the responses of an operation. A type that is too large is left out. */
export function readAnswers(
  operation: Part,
  library: SchemaLibrary,
  refs: LocalRefs,
): AnswerPlan {
  const responses = Object.entries(asPart(operation.responses) ?? {})
    .filter(([status]) => /^2(\d\d|XX)$/i.test(status)).slice(0, maxResponses)
    .map(([, response]) => asPart(refs.follow(response)?.content) ?? {});
  const types = [...new Set(responses.flatMap((content) => Object.keys(content)))]
    .filter((type) => /^[\w.+*/-]{1,100}$/.test(type))
    .sort((a, b) => Number(isJson(b)) - Number(isJson(a)));
  const accept = [
    ...types.slice(0, maxAccept),
    types.length === 0 ? "application/json" : "",
    "*/*;q=0.1",
  ]
    .filter((type) => type !== "").join(", ");
  const schema = schemaOf(responses, library);
  return { accept, ...(schema !== undefined && { schema }) };
}

function schemaOf(
  responses: readonly { readonly [type: string]: unknown }[],
  library: SchemaLibrary,
): JsonSchema | undefined {
  const alternatives = new Map<JsonSchema, ConvertedSchema>();
  let mayBeNothing = false;
  for (const content of responses) {
    const [media] = Object.entries(content).filter(([type]) => isJson(type));
    const schema = asPart(media?.[1])?.schema;
    // Another type of content is text or bytes: then nothing can be promised.
    if (schema === undefined && Object.keys(content).length > 0) return undefined;
    mayBeNothing ||= schema === undefined;
    if (schema !== undefined) {
      const converted = library.convert(schema);
      alternatives.set(converted.schema, converted);
    }
  }
  if (alternatives.size === 0) return undefined;
  return complete([...alternatives.values()], mayBeNothing, library);
}

function complete(
  parts: readonly ConvertedSchema[],
  mayBeNothing: boolean,
  library: SchemaLibrary,
): JsonSchema | undefined {
  try {
    const definitions = library.definitionsFor(parts);
    const schemas = [
      ...parts.map(({ schema }) => schema),
      ...(mayBeNothing ? [{ type: "null" }] : []),
    ];
    if (schemas.length > 1) return { anyOf: schemas, ...definitions };
    const [only] = schemas;
    return typeof only === "boolean" ? only : { ...only, ...definitions };
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

function isJson(type: string): boolean {
  return /^(application|text)\/([\w.+-]+\+)?json\b/i.test(type);
}
