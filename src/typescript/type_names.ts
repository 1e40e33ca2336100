/** Names for the types that a schema's references lead to. @module */

import type { JsonSchema } from "../catalog/tool.ts";

const maxNames = 200;
const maxNameChars = 60;

/** Gives each schema that is referred to a name of its own, in one tool. */
export class TypeNames {
  readonly #names = new Map<JsonSchema, string>();
  readonly #taken = new Set<string>();

  /**
   * The name of a schema: the one it was given, or one made of the reference.
   *
   * @returns `undefined` where the tool has too many names already.
   */
  nameOf(target: JsonSchema, ref: string): string | undefined {
    const known = this.#names.get(target);
    if (known !== undefined || this.#names.size >= maxNames) return known;
    const base = pascalCase(ref.split(/[/#]/).at(-1) ?? "");
    let name = base;
    for (let n = 2; this.#taken.has(name); n++) name = `${base}${n}`;
    this.#taken.add(name);
    this.#names.set(target, name);
    return name;
  }
}

/** `#/$defs/line-item` is a `LineItem`; what has no letters is a `Type`. */
function pascalCase(text: string): string {
  const words = text.slice(0, 200).match(/[A-Za-z0-9]+/g) ?? [];
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  if (name === "") return "Type";
  return (/^[0-9]/.test(name) ? `Type${name}` : name).slice(0, maxNameChars);
}
