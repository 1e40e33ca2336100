/** Writes a value in the styles of OpenAPI parameters. @module */

import type { Json } from "../protocol/json.ts";
import type { Style } from "./parameters.ts";

const maxDepth = 8;

/** How {@linkcode writeValue} and {@linkcode writePairs} write. */
export interface ValueForm {
  /** How a list or an object is written. */
  readonly style: Style;
  /** Members are written one by one. */
  readonly explode: boolean;
  /** Makes a text fit for its place in the request. */
  encode(text: string): string;
}

/**
 * A value as one text, as it stands in a path or a header. Members of lists and
 * objects that are containers themselves are written as JSON.
 */
export function writeValue(name: string, value: Json, form: ValueForm): string {
  const { style, explode, encode } = form;
  switch (style) {
    case "label":
      return `.${writeParts(value, explode ? "." : ",", explode, encode)}`;
    case "matrix":
      return writeMatrix(name, value, form);
    default:
      return writeParts(value, ",", explode, encode);
  }
}

/** A value as pairs of name and text, as in a query; both are encoded. */
export function writePairs(name: string, value: Json, form: ValueForm): [string, string][] {
  const { style, explode, encode } = form;
  const key = encode(name);
  if (value === null || typeof value !== "object") return [[key, encode(scalarText(value))]];
  if (style === "deepObject") {
    return deepPairs(name, value, 0).map(([k, v]) => [encode(k), encode(v)]);
  }
  if (style === "form" && explode) {
    return Array.isArray(value)
      ? value.map((item) => [key, encode(scalarText(item))])
      : Object.entries(value).map(([inner, item]) => [encode(inner), encode(scalarText(item))]);
  }
  return [[key, partsOf(value).map(encode).join(separatorOf(style, encode))]];
}

/** A value that stands alone: text as it is, all else as JSON. */
export function scalarText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function separatorOf(style: Style, encode: (text: string) => string): string {
  switch (style) {
    case "spaceDelimited":
      return encode(" ");
    case "pipeDelimited":
      return encode("|");
    default:
      return ",";
  }
}

function writeParts(
  value: Json,
  separator: string,
  explode: boolean,
  encode: (text: string) => string,
): string {
  if (value === null || typeof value !== "object") return encode(scalarText(value));
  const isObject = !Array.isArray(value);
  const parts = explode && isObject
    ? Object.entries(value).map(([key, item]) => `${encode(key)}=${encode(scalarText(item))}`)
    : partsOf(value).map(encode);
  return parts.join(separator);
}

function writeMatrix(name: string, value: Json, { explode, encode }: ValueForm): string {
  if (!explode || value === null || typeof value !== "object") {
    return `;${encode(name)}=${writeParts(value, ",", false, encode)}`;
  }
  const pairs: [string, Json][] = Array.isArray(value)
    ? value.map((item) => [name, item])
    : Object.entries(value);
  return pairs.map(([key, item]) => `;${encode(key)}=${encode(scalarText(item))}`).join("");
}

/** Items of a list, or keys and values of an object in turn. */
function partsOf(value: Json[] | { [key: string]: Json }): string[] {
  return Array.isArray(value)
    ? value.map(scalarText)
    : Object.entries(value).flatMap(([key, item]) => [key, scalarText(item)]);
}

/** `a[b][c]=1`; lists repeat their key. */
function deepPairs(name: string, value: Json, depth: number): [string, string][] {
  if (value === null || typeof value !== "object" || depth === maxDepth) {
    return [[name, scalarText(value)]];
  }
  if (Array.isArray(value)) return value.flatMap((item) => deepPairs(name, item, depth + 1));
  return Object.entries(value).flatMap(([key, item]) =>
    deepPairs(`${name}[${key}]`, item, depth + 1)
  );
}
