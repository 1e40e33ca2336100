/** Writes the body of a request. @module */

import type { Json } from "../protocol/json.ts";
import type { BodyPlan, FieldPlan } from "./request_body.ts";
import { scalarText, writePairs } from "./write_value.ts";

/** A body on its way out. */
export interface WrittenBody {
  /** Can be sent more than once. */
  readonly body: string | Uint8Array<ArrayBuffer> | FormData;
  /** Absent where the body itself knows, with its boundary. */
  readonly contentType?: string;
}

const plainField: FieldPlan = { kind: "value", style: "form", explode: true };

/**
 * Writes a value as the body's media type wants it.
 *
 * @throws {TypeError} Where it cannot be: with what is wrong, as a clause.
 */
export function writeBody({ kind, contentType, fields }: BodyPlan, value: Json): WrittenBody {
  switch (kind) {
    case "json":
      return { body: JSON.stringify(value), contentType };
    case "text":
      return { body: scalarText(value), contentType: `${contentType}; charset=utf-8` };
    case "binary":
      return { body: bytesOf("body", value), contentType };
    case "form":
      return { body: writeForm(membersOf(value), fields), contentType };
    case "multipart":
      return { body: writeMultipart(membersOf(value), fields) };
    default:
      return kind satisfies never;
  }
}

function membersOf(value: Json): [string, Json][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError("its body is not an object");
  }
  return Object.entries(value);
}

function writeForm(members: readonly [string, Json][], fields: BodyPlan["fields"]): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return members.flatMap(([name, value]) => {
    const { kind, style, explode } = fields.get(name) ?? plainField;
    const plain = kind === "json" ? JSON.stringify(value) : value;
    return writePairs(name, plain, { style, explode, encode });
  }).map((pair) => pair.join("=")).join("&");
}

function writeMultipart(members: readonly [string, Json][], fields: BodyPlan["fields"]): FormData {
  const form = new FormData();
  for (const [name, value] of members) {
    const field = fields.get(name) ?? plainField;
    const isList = Array.isArray(value) && field.kind !== "json";
    for (const item of isList ? value : [value]) appendPart(form, name, item, field);
  }
  return form;
}

function appendPart(form: FormData, name: string, value: Json, field: FieldPlan): void {
  const { kind, contentType } = field;
  if (kind === "file") {
    const file = fileOf(name, value);
    const type = file.mimeType ?? contentType ?? "application/octet-stream";
    return form.append(name, new Blob([file.bytes], { type }), file.filename);
  }
  const isJson = kind === "json" || (typeof value === "object" && value !== null);
  if (!isJson && contentType === undefined) return form.append(name, scalarText(value));
  const type = contentType ?? "application/json";
  form.append(name, new Blob([isJson ? JSON.stringify(value) : scalarText(value)], { type }), name);
}

function fileOf(
  name: string,
  value: Json,
): { bytes: Uint8Array<ArrayBuffer>; filename: string; mimeType?: string } {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return { bytes: bytesOf(name, value), filename: name };
  }
  const { data = null, filename, mimeType } = value;
  return {
    bytes: bytesOf(name, data),
    filename: typeof filename === "string" ? filename : name,
    ...(typeof mimeType === "string" && { mimeType }),
  };
}

function bytesOf(name: string, value: Json): Uint8Array<ArrayBuffer> {
  try {
    if (typeof value === "string") return Uint8Array.fromBase64(value);
  } catch (cause) {
    throw new TypeError(`its "${name}" is not base64`, { cause });
  }
  throw new TypeError(`its "${name}" is not base64`);
}
