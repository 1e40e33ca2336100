/** Follows `$ref` within one schema; never leaves it, never fetches. @module */

import type { JsonSchema } from "./tool.ts";

/** A schema that is an object. */
export type SchemaObject = { readonly [keyword: string]: unknown };

const baseUri = "schema:///";
const maxSchemas = 10_000;
const maxDepth = 128;

/** Whether a value is a schema: `true`, `false` or an object of keywords. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isSchemaObject(value);
}

/** Whether a value is a schema that is an object. */
export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether what stands beside a `$ref` is without effect: so up to draft 7. */
export function ignoresRefSiblings(root: JsonSchema): boolean {
  const draft = isSchemaObject(root) ? root.$schema : undefined;
  return typeof draft === "string" && /draft-0[3-7]/.test(draft.slice(0, 200));
}

/** A part of the schema with an identity of its own: what `#` means within it. */
interface Resource {
  readonly root: JsonSchema;
  readonly uri: string;
  readonly anchors: Map<string, JsonSchema>;
}

/** Knows where the references of one schema lead. */
export class SchemaRefs {
  readonly #resourceOf = new Map<SchemaObject, Resource>();
  readonly #resources = new Map<string, Resource>();
  readonly #main: Resource;

  /** Reads the names that the schema and its parts give themselves. */
  constructor(root: JsonSchema) {
    this.#main = { root, uri: baseUri, anchors: new Map() };
    this.#resources.set(baseUri, this.#main);
    this.#visit(root, this.#main, 0);
  }

  /**
   * The schema a reference leads to.
   *
   * @param ref Value of `$ref`: a pointer, an anchor, or a URI that the schema itself defines.
   * @param from The schema object it stands in.
   * @returns `undefined` where it leads out of the schema or nowhere.
   */
  resolve(ref: string, from: SchemaObject): JsonSchema | undefined {
    const here = this.#resourceOf.get(from) ?? this.#main;
    const [uri, fragment = ""] = ref.split("#", 2);
    const there = uri === "" ? here : this.#resources.get(absolute(uri, here.uri));
    if (there === undefined) return undefined;
    const name = decodeFragment(fragment);
    if (name === "") return there.root;
    return name.startsWith("/") ? follow(name, there.root) : there.anchors.get(name);
  }

  #visit(value: unknown, resource: Resource, depth: number): void {
    if (typeof value !== "object" || value === null) return;
    if (depth > maxDepth || this.#resourceOf.size >= maxSchemas) return;
    const isObject = isSchemaObject(value);
    if (isObject && this.#resourceOf.has(value)) return;
    const own = isObject ? this.#enter(value, resource) : resource;
    for (const [keyword, inner] of Object.entries(value)) {
      if (isObject && isData(keyword)) continue;
      this.#visit(inner, own, depth + 1);
    }
  }

  /** Notes the names a schema gives itself, and gives the resource its inside belongs to. */
  #enter(schema: SchemaObject, outer: Resource): Resource {
    const id = schema.$id ?? schema.id;
    let resource = outer;
    if (typeof id === "string" && id.startsWith("#")) {
      addAnchor(outer, id.slice(1), schema);
    } else if (typeof id === "string" && id !== "") {
      const uri = absolute(id.split("#", 1)[0], outer.uri);
      resource = schema === this.#main.root
        ? { ...this.#main, uri }
        : { root: schema, uri, anchors: new Map() };
      if (!this.#resources.has(uri)) this.#resources.set(uri, resource);
    }
    for (const anchor of [schema.$anchor, schema.$dynamicAnchor]) {
      if (typeof anchor === "string") addAnchor(resource, anchor, schema);
    }
    this.#resourceOf.set(schema, resource);
    return resource;
  }
}

function isData(keyword: string): boolean {
  return keyword === "const" || keyword === "enum" || keyword === "default" ||
    keyword === "examples";
}

function addAnchor(resource: Resource, name: string, schema: JsonSchema): void {
  if (!resource.anchors.has(name)) resource.anchors.set(name, schema);
}

function absolute(uri: string, base: string): string {
  return URL.parse(uri, base)?.href ?? uri;
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function follow(pointer: string, root: JsonSchema): JsonSchema | undefined {
  let value: unknown = root;
  for (const step of pointer.slice(1).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return isSchema(value) ? value : undefined;
}
