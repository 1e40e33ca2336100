/** Reads how the body of an operation is sent. @module */

import { UpstreamError } from "../servers/upstream_error.ts";
import type { LocalRefs } from "./local_refs.ts";
import { asPart, asText, type Part } from "./part.ts";

const maxFields = 1_000;

/** How a body is written. */
export type BodyKind = "json" | "form" | "multipart" | "text" | "binary";

/** How one property of a form is written. */
export interface FieldPlan {
  /** `file`: base64 becomes bytes. */
  readonly kind: "value" | "json" | "file";
  /** How a list or an object is written. */
  readonly style: "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  /** Members are written one by one. */
  readonly explode: boolean;
  /** Media type of its part. */
  readonly contentType?: string;
}

/** The body of an operation. */
export interface BodyPlan {
  /** How it is written. */
  readonly kind: BodyKind;
  /** What the request says it is. */
  readonly contentType: string;
  /** The request needs it. */
  readonly required: boolean;
  /** In the document's words. */
  readonly description?: string;
  /** As it stands in the document. */
  readonly schema: unknown;
  /** How the properties of a form are written; what is not listed is a plain value. */
  readonly fields: ReadonlyMap<string, FieldPlan>;
}

/** Best first. */
const kinds: readonly (readonly [BodyKind, RegExp])[] = [
  ["json", /^(application|text)\/([\w.+-]+\+)?json$/],
  ["form", /^application\/x-www-form-urlencoded$/],
  ["multipart", /^multipart\/form-data$/],
  ["json", /^\*\/\*$|^application\/\*$/],
  ["text", /^text\/(?!html$|xml$)[\w.+*-]+$/],
  ["binary", /^application\/(octet-stream|zip|gzip|pdf)$|^(image|audio|video|font)\/[\w.+*-]+$/],
];

/**
 * Chooses among the media types of a request body; `undefined` where there is
 * no body, or one that is optional and of no type that can be written.
 *
 * @throws {UpstreamError} `refused`, where it must be there and cannot.
 */
export function readRequestBody(value: unknown, refs: LocalRefs): BodyPlan | undefined {
  if (value === undefined) return undefined;
  const body = refs.follow(value);
  if (body === undefined) throw new UpstreamError("refused", "its body is in another document");
  const content = Object.entries(asPart(body.content) ?? {});
  const required = body.required === true;
  const chosen = chooseType(content);
  if (chosen === undefined) {
    if (!required) return undefined;
    const types = content.slice(0, 4).map(([type]) => JSON.stringify(type.slice(0, 100)));
    throw new UpstreamError(
      "refused",
      `its body can only be ${types.join(", ") || "nothing known"}`,
    );
  }
  const { kind, contentType, media } = chosen;
  const description = asText(body.description, 65_536);
  return {
    kind,
    contentType,
    required,
    ...(description !== undefined && { description }),
    schema: media?.schema,
    fields: kind === "form" || kind === "multipart" ? readFields(media, kind, refs) : new Map(),
  };
}

function chooseType(content: readonly [string, unknown][]) {
  for (const [kind, pattern] of kinds) {
    for (const [type, media] of content) {
      const essence = type.slice(0, 200).split(";", 1)[0].trim().toLowerCase();
      if (pattern.test(essence)) {
        return { kind, contentType: concreteType(kind, essence), media: asPart(media) };
      }
    }
  }
  return undefined;
}

/** What is sent for a range such as `image/*`. */
function concreteType(kind: BodyKind, essence: string): string {
  if (!essence.includes("*")) return essence;
  switch (kind) {
    case "json":
      return "application/json";
    case "text":
      return "text/plain";
    default:
      return "application/octet-stream";
  }
}

function readFields(
  media: Part | undefined,
  kind: "form" | "multipart",
  refs: LocalRefs,
): Map<string, FieldPlan> {
  const encodings = asPart(media?.encoding);
  const properties = Object.entries(asPart(refs.follow(media?.schema)?.properties) ?? {});
  return new Map(
    properties.slice(0, maxFields).map(([name, schema]) => {
      const encoding = encodings !== undefined && Object.hasOwn(encodings, name)
        ? asPart(encodings[name])
        : undefined;
      return [name, readField(refs.follow(schema), encoding, kind, refs)];
    }),
  );
}

function readField(
  schema: Part | undefined,
  encoding: Part | undefined,
  kind: "form" | "multipart",
  refs: LocalRefs,
): FieldPlan {
  const item = schema?.type === "array" ? refs.follow(schema.items) : schema;
  const style = styleOf(encoding?.style);
  const explode = typeof encoding?.explode === "boolean" ? encoding.explode : style === "form";
  const type = asText(encoding?.contentType, 200)?.split(",", 1)[0].trim();
  const contentType = type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : undefined;
  const isStyled = encoding?.style !== undefined || encoding?.explode !== undefined;
  const isFile = kind === "multipart" && isBinary(item);
  const isObject = item?.type === "object" || item?.properties !== undefined;
  const isJson = !isStyled && (isObject || /json/i.test(contentType ?? ""));
  const written = isJson ? "json" : "value";
  return {
    kind: isFile ? "file" : written,
    style,
    explode,
    ...(contentType !== undefined && { contentType }),
  };
}

/** Whether a schema stands for bytes that are not text. */
export function isBinary(schema: Part | undefined): boolean {
  return schema?.format === "binary" ||
    (typeof schema?.contentMediaType === "string" && schema.contentEncoding === undefined &&
      !/json|^text\//i.test(schema.contentMediaType));
}

function styleOf(style: unknown): FieldPlan["style"] {
  return style === "spaceDelimited" || style === "pipeDelimited" || style === "deepObject"
    ? style
    : "form";
}
