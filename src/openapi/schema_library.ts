/** The schemas of one document for one direction, each converted once and shared by all tools. @module */

import { isSchema, isSchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema } from "../catalog/tool.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { type ConvertContext, convertSchema } from "./convert_schema.ts";
import type { LocalRefs } from "./local_refs.ts";
import type { ParsedDocument } from "./parse_document.ts";

/** A schema with what it needs to stand alone. */
export interface ConvertedSchema {
  /** Refers to definitions as `#/$defs/…`. */
  readonly schema: JsonSchema;
  /** Names of the definitions that it refers to. */
  readonly refs: ReadonlySet<string>;
  /** Its length as JSON, without definitions. */
  readonly chars: number;
}

/** Options of a {@linkcode SchemaLibrary}. */
export interface SchemaLibraryOptions {
  /** Most characters that the schemas of one tool have as JSON. @default {262144} */
  maxToolChars?: number;
  /** Most characters that the schemas of all tools have as JSON. @default {33554432} */
  maxAllChars?: number;
}

const maxDefinitions = 2_000;

/** Converts schemas on demand and hands out the definitions that they refer to. */
export class SchemaLibrary {
  readonly #refs: LocalRefs;
  readonly #context: Omit<ConvertContext, "refTo">;
  readonly #maxToolChars: number;
  #charsLeft: number;
  readonly #converted = new WeakMap<object, ConvertedSchema>();
  readonly #definitions = new Map<string, { readonly value: unknown; whole?: ConvertedSchema }>();
  readonly #names = new Map<string, string>();

  /** Converts nothing yet. `leftOut`: which properties do not travel this way. */
  constructor(
    { dialect }: Pick<ParsedDocument, "dialect">,
    refs: LocalRefs,
    leftOut: ConvertContext["leftOut"],
    { maxToolChars = 256 * 1024, maxAllChars = 32 * 1024 * 1024 }: SchemaLibraryOptions = {},
  ) {
    this.#refs = refs;
    this.#context = { dialect, leftOut, follow: (value) => refs.follow(value) };
    this.#maxToolChars = maxToolChars;
    this.#charsLeft = maxAllChars;
  }

  /** The schema as JSON Schema; the same object again for the same schema. */
  convert(value: unknown): ConvertedSchema {
    if (!isSchemaObject(value)) {
      return { schema: value === false ? false : {}, refs: new Set(), chars: 5 };
    }
    const known = this.#converted.get(value);
    if (known !== undefined) return known;
    const refs = new Set<string>();
    const refTo = (ref: string): string | undefined => {
      const name = this.#nameOf(ref);
      if (name === undefined) return undefined;
      refs.add(name);
      return `#/$defs/${name}`;
    };
    const schema = convertSchema(value, { ...this.#context, refTo });
    const converted = { schema, refs, chars: JSON.stringify(schema).length };
    this.#converted.set(value, converted);
    return converted;
  }

  /**
   * The definitions that a tool's schema refers to, directly or not. What goes
   * beyond the bounds is left open.
   *
   * @throws {UpstreamError} `refused`, where the schema without them is too large.
   */
  definitionsFor(
    parts: readonly ConvertedSchema[],
  ): { readonly $defs?: Record<string, JsonSchema> } {
    let charsLeft = Math.min(this.#maxToolChars, this.#charsLeft);
    const spend = (chars: number): boolean => {
      if (chars > charsLeft) return false;
      charsLeft -= chars;
      this.#charsLeft -= chars;
      return true;
    };
    if (!spend(parts.reduce((sum, { chars }) => sum + chars, 0))) {
      throw new UpstreamError("refused", "its schemas are too large");
    }
    const names = new Set(parts.flatMap(({ refs }) => [...refs]));
    const definitions: [string, JsonSchema][] = [];
    for (const name of names) {
      const whole = names.size > maxDefinitions ? undefined : this.#definition(name);
      if (whole === undefined || !spend(whole.chars)) {
        definitions.push([name, {}]);
        continue;
      }
      definitions.push([name, whole.schema]);
      for (const ref of whole.refs) names.add(ref);
    }
    return definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) };
  }

  #definition(name: string): ConvertedSchema | undefined {
    const definition = this.#definitions.get(name);
    if (definition === undefined) return undefined;
    return definition.whole ??= this.convert(definition.value);
  }

  /** The name of what a reference leads to: its last step, made unique. */
  #nameOf(ref: string): string | undefined {
    const known = this.#names.get(ref);
    if (known !== undefined) return known;
    const value = this.#refs.find(ref);
    if (!isSchema(value)) return undefined;
    const wanted = ref.slice(ref.lastIndexOf("/") + 1).replace(/[^\w.-]+/g, "_").slice(0, 100) ||
      "_";
    let name = wanted;
    for (let count = 2; this.#definitions.has(name); count++) name = `${wanted}_${count}`;
    this.#names.set(ref, name);
    this.#definitions.set(name, { value });
    return name;
  }
}
