/** Writes a JSON Schema, of draft 4 to 2020-12, as a type of TypeScript. @module */

import { ignoresRefSiblings, isSchemaObject, SchemaRefs } from "../catalog/schema_refs.ts";
import type { SchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema } from "../catalog/tool.ts";
import { describeSchema, docComment } from "./doc_comment.ts";
import { quoteKey } from "./escape_text.ts";
import { TypeNames } from "./type_names.ts";
import { intersect, listOf, literal, single, type TypePiece, unite } from "./type_piece.ts";
import { TypeShape } from "./type_shape.ts";

/** Options of a {@linkcode TypeWriter}. */
export interface TypeWriterOptions {
  /** What stands for a part that the schema leaves open. @default {"unknown"} */
  untyped?: "unknown" | "any";
  /** `lines` has doc comments, `line` is one line without. @default {"lines"} */
  layout?: "lines" | "line";
  /** Past so many characters, what remains is shortened. @default {100_000} */
  maxChars?: number;
  /** So many objects and lists within each other are written. @default {24} */
  maxDepth?: number;
  /** Members of a longer `enum` are shortened. @default {200} */
  maxEnum?: number;
  /** Stands before the names of named types: `top_products.`. @default {""} */
  qualifier?: string;
  /** Names that are given already. @default {none} */
  names?: TypeNames;
}

/** Where a piece is being written. */
interface Place {
  readonly indent: string;
  /** Objects and lists around it. */
  readonly depth: number;
  /** Schemas of any kind around it. */
  readonly nesting: number;
  /** Between here and the name of the type there is an object or a list, so it may name itself. */
  readonly isInside: boolean;
}

/** A type that is referred to by name. */
export interface NamedType {
  /** Its name within the tool. */
  readonly name: string;
  /** What it stands for. */
  readonly text: string;
  /** What its schema says about it, fit for a comment. */
  readonly doc: string;
}

const maxTuple = 40;
const maxNesting = 200;
const maxSchemas = 20_000;

/** Writes the types of one schema; references become named types, each written once. */
export class TypeWriter {
  readonly #refs: SchemaRefs;
  readonly #shape: TypeShape;
  readonly #hasPlainRefs: boolean;
  readonly #options: Required<TypeWriterOptions>;
  readonly #named = new Map<JsonSchema, string>();
  #qualifier: string;
  #charsLeft: number;
  #schemasLeft = maxSchemas;

  /** Writes types of one schema; what it writes counts against one budget. */
  constructor(readonly root: JsonSchema, options: TypeWriterOptions = {}) {
    const { untyped = "unknown", layout = "lines", maxChars = 100_000, maxDepth = 24 } = options;
    const { maxEnum = 200, qualifier = "", names = new TypeNames() } = options;
    this.#options = { untyped, layout, maxChars, maxDepth, maxEnum, qualifier, names };
    this.#refs = new SchemaRefs(root);
    this.#shape = new TypeShape(this.#refs);
    this.#hasPlainRefs = ignoresRefSiblings(root);
    this.#qualifier = qualifier;
    this.#charsLeft = maxChars;
  }

  /** The type of the schema; lines after the first begin with `indent`. */
  write(indent = ""): string {
    return this.#write(this.root, { indent, depth: 0, nesting: 0, isInside: true }).text;
  }

  /** The named types that were referred to so far, and those they refer to. */
  writeNamed(indent = ""): NamedType[] {
    this.#qualifier = "";
    const types: NamedType[] = [];
    for (const [target, name] of this.#named) {
      const { text } = this.#write(target, { indent, depth: 0, nesting: 0, isInside: false });
      types.push({ name, text, doc: isSchemaObject(target) ? describeSchema(target) : "" });
    }
    this.#qualifier = this.#options.qualifier;
    return types;
  }

  #write(schema: unknown, around: Place): TypePiece {
    if (schema === false) return single("never");
    if (!isSchemaObject(schema)) return this.#open();
    const place = { ...around, nesting: around.nesting + 1 };
    const isTooMuch = place.nesting > maxNesting || --this.#schemasLeft < 0 ||
      this.#shape.isTooWide(schema);
    if (isTooMuch) return this.#shortened();
    const ref = this.#writeRef(schema, place);
    const pieces = ref !== undefined && this.#hasPlainRefs
      ? [ref]
      : [...(ref === undefined ? [] : [ref]), ...this.#writeParts(schema, place)];
    const whole = intersect(pieces) ?? this.#open();
    return schema.nullable === true ? unite([whole, single("null")]) : whole;
  }

  #writeParts(schema: SchemaObject, place: Place): TypePiece[] {
    const pieces = [this.#writeOwn(schema, place)];
    const { allOf, anyOf, oneOf } = schema;
    if (Array.isArray(allOf)) pieces.push(...allOf.map((part) => this.#write(part, place)));
    for (const choice of [anyOf, oneOf]) {
      if (!Array.isArray(choice) || choice.length === 0) continue;
      pieces.push(unite(choice.map((part) => this.#write(part, place))));
    }
    return pieces;
  }

  #writeRef(schema: SchemaObject, place: Place): TypePiece | undefined {
    const ref = schema.$ref ?? schema.$dynamicRef ?? schema.$recursiveRef;
    if (ref === undefined) return undefined;
    const target = typeof ref === "string" ? this.#refs.resolve(ref, schema) : undefined;
    if (target === undefined) return this.#open();
    if (!place.isInside && this.#shape.isCircular(target)) return this.#open();
    const name = this.#options.names.nameOf(target, String(ref));
    if (name === undefined) return this.#shortened();
    this.#named.set(target, name);
    return this.#leaf(`${this.#qualifier}${name}`);
  }

  /** What the keywords other than references and combinations say. */
  #writeOwn(schema: SchemaObject, place: Place): TypePiece {
    if (schema.const !== undefined) return this.#writeEnum([schema.const]);
    if (Array.isArray(schema.enum)) return this.#writeEnum(schema.enum);
    const types = this.#shape.typesOf(schema);
    if (types.length === 0) return this.#open();
    return unite(types.map((type) => this.#writeType(type, schema, place)));
  }

  #writeType(type: unknown, schema: SchemaObject, place: Place): TypePiece {
    switch (type) {
      case "string":
      case "number":
      case "boolean":
      case "null":
        return this.#leaf(type);
      case "integer":
        return this.#leaf("number");
      case "array":
        return this.#writeList(schema, { ...place, depth: place.depth + 1, isInside: true });
      case "object":
        return this.#writeObject(schema, { ...place, depth: place.depth + 1, isInside: true });
      default:
        return this.#open();
    }
  }

  #writeEnum(values: readonly unknown[]): TypePiece {
    const shown = values.slice(0, this.#options.maxEnum).map((value) => literal(value));
    const pieces = shown.map((piece) => piece ?? this.#open());
    if (shown.length < values.length) {
      const types = new Set(values.slice(shown.length).map((value) => typeName(value)));
      const others = [...types].map((type) => type === undefined ? this.#open() : single(type));
      const rest = unite(others);
      pieces.push({ ...rest, text: `${rest.text} /* ${values.length - shown.length} more */` });
    }
    const piece = unite(pieces);
    this.#charsLeft -= piece.text.length;
    return piece;
  }

  #writeList(schema: SchemaObject, place: Place): TypePiece {
    const { prefixItems, items, additionalItems } = schema;
    if (Array.isArray(prefixItems)) return this.#writeTuple(schema, prefixItems, items, place);
    if (Array.isArray(items)) return this.#writeTuple(schema, items, additionalItems, place);
    return listOf(this.#write(items, place));
  }

  /**
   * Without `minItems` all members are taken to be there, and without a word
   * about further ones there are none: so tuples are meant, if not defined.
   */
  #writeTuple(
    { minItems, maxItems }: SchemaObject,
    members: readonly unknown[],
    rest: unknown,
    place: Place,
  ): TypePiece {
    const required = typeof minItems === "number" ? minItems : members.length;
    const texts = members.slice(0, maxTuple).map((member, i) => {
      const piece = this.#write(member, place);
      if (i < required) return piece.text;
      return piece.kind === "single" ? `${piece.text}?` : `(${piece.text})?`;
    });
    const isClosed = typeof maxItems === "number" && maxItems <= members.length ||
      rest === false || rest === undefined && minItems === undefined;
    if (!isClosed || members.length > maxTuple) {
      texts.push(`...${listOf(this.#write(members.length > maxTuple ? true : rest, place)).text}`);
    }
    return single(`[${texts.join(", ")}]`);
  }

  #writeObject(schema: SchemaObject, place: Place): TypePiece {
    if (place.depth > this.#options.maxDepth || this.#charsLeft <= 0) return this.#shortened();
    const properties = isSchemaObject(schema.properties) ? schema.properties : {};
    const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
    const names = new Set([...Object.keys(properties), ...required]);
    const isWeak = names.size === 0 && schema.additionalProperties === undefined &&
      schema.patternProperties === undefined;
    const inner = { ...place, indent: `${place.indent}  ` };
    const members: string[] = [];
    for (
      const name of [...names].sort((a, b) => Number(required.has(b)) - Number(required.has(a)))
    ) {
      if (this.#charsLeft <= 0) break;
      const value = Object.hasOwn(properties, name) ? properties[name] : true;
      const optional = required.has(name) ? "" : "?";
      this.#charsLeft -= name.length + 4;
      const { text } = this.#write(value, inner);
      members.push(this.#member(`${quoteKey(name)}${optional}: ${text}`, value, inner.indent));
    }
    const hiddenCount = names.size - members.length;
    members.push(...this.#writeIndex(schema, inner, names.size, hiddenCount));
    return { text: this.#layOut(members, place.indent), kind: isWeak ? "weak" : "single" };
  }

  /** The index signature, and a word about members that did not fit. */
  #writeIndex(schema: SchemaObject, place: Place, named: number, hiddenCount: number): string[] {
    const { additionalProperties: additional, patternProperties: patterns } = schema;
    if (hiddenCount > 0) {
      const more = `/* ${hiddenCount} more */`;
      return this.#options.layout === "line"
        ? [more]
        : [`[key: string]: ${this.#options.untyped} ${more}`];
    }
    const values: unknown[] = isSchemaObject(patterns) ? Object.values(patterns) : [];
    if (isSchemaObject(additional) || additional === true) values.push(additional);
    if (named > 0) return values.length === 0 ? [] : [`[key: string]: ${this.#options.untyped}`];
    if (values.length === 0 && additional === false) return [];
    const piece = values.length === 0
      ? this.#open()
      : unite(values.map((value) => this.#write(value, place)));
    return [`[key: string]: ${piece.text}`];
  }

  #member(text: string, schema: unknown, indent: string): string {
    if (this.#options.layout === "line" || !isSchemaObject(schema)) return text;
    const doc = docComment(describeSchema(schema), indent).trimStart();
    this.#charsLeft -= doc.length;
    return doc === "" ? text : `${doc}${indent}${text}`;
  }

  #layOut(members: readonly string[], indent: string): string {
    if (members.length === 0) return "{}";
    const line = `{ ${members.join("; ")} }`;
    const fits = line.length <= 80 && !line.includes("\n") && !line.includes("/**");
    if (this.#options.layout === "line" || fits) return line;
    const lines = members.map((member) => `${indent}  ${member};`);
    return `{\n${lines.join("\n")}\n${indent}}`;
  }

  #leaf(text: string): TypePiece {
    this.#charsLeft -= text.length;
    return single(text);
  }

  #shortened(): TypePiece {
    return this.#open(this.#options.layout === "line" ? " /* … */" : " /* shortened */");
  }

  #open(remark = ""): TypePiece {
    this.#charsLeft -= this.#options.untyped.length;
    return { text: `${this.#options.untyped}${remark}`, kind: "open" };
  }
}

function typeName(value: unknown): string | undefined {
  if (value === null) return "null";
  return typeof value === "object" ? undefined : typeof value;
}
