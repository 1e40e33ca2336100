/**
 * The form of a tool's answers without their values: kinds of values and names
 * of keys. What was seen once stays, so a shape only ever grows, up to a
 * bound. @module
 */

import type { Json } from "../protocol/json.ts";
import { areKeysData } from "./data_keys.ts";

/** Values without parts. */
export type PlainKind = "boolean" | "null" | "number" | "string";

/** What was seen at one place of the answers. Empty where nothing was. */
export interface AnswerShape {
  /** Plain values, in order of name. */
  readonly plain: readonly PlainKind[];
  /** All items of all lists. @default {no list was seen} */
  readonly items?: AnswerShape;
  /** Keys of all objects, in order of name. @default {no object was seen, or its keys are data} */
  readonly fields?: readonly ShapeField[];
  /** All values of all objects whose keys are data. @default {no such object was seen} */
  readonly values?: AnswerShape;
  /** Too much was seen to be told. @default {false} */
  readonly isOpen?: true;
}

/** A key of objects. */
export interface ShapeField {
  /** The key itself, at most 64 characters. */
  readonly name: string;
  /** What was seen under it, in all objects that had it. */
  readonly shape: AnswerShape;
  /** Every object had it. */
  readonly isAlways: boolean;
}

/** Objects and lists within each other that a shape tells apart. */
export const maxShapeDepth = 6;
/** Keys of one object; where there are more they are data. */
export const maxShapeKeys = 64;
/** Places of one shape. */
export const maxShapeNodes = 200;

/** So many values of one answer are looked at. */
const maxVisited = 2_000;

const nothing: AnswerShape = { plain: [] };
const open: AnswerShape = { plain: [], isOpen: true };

/** The shape of one answer; of a large one, of its beginning. */
export function shapeOf(answer: Json): AnswerShape {
  return boundShape(new Surveyor().survey(answer, 0));
}

/** The shape that fits whatever fits one of two. */
export function mergeShapes(a: AnswerShape, b: AnswerShape): AnswerShape {
  return covers(a, b) ? a : boundShape(unite(a, b));
}

class Surveyor {
  #left = maxVisited;

  survey(value: Json, depth: number): AnswerShape {
    if (--this.#left < 0) return nothing;
    if (value === null) return { plain: ["null"] };
    if (typeof value === "boolean") return { plain: ["boolean"] };
    if (typeof value === "number") return { plain: ["number"] };
    if (typeof value === "string") return { plain: ["string"] };
    if (depth >= maxShapeDepth) return open;
    return Array.isArray(value)
      ? { plain: [], items: this.#surveyAll(value, depth) }
      : this.#surveyObject(value, depth);
  }

  #surveyAll(values: readonly Json[], depth: number): AnswerShape {
    let shape = nothing;
    for (const value of values) {
      if (this.#left <= 0) break;
      shape = unite(shape, this.survey(value, depth + 1));
    }
    return shape;
  }

  #surveyObject(value: { readonly [key: string]: Json }, depth: number): AnswerShape {
    const names = Object.keys(value);
    if (names.length > maxShapeKeys) {
      return { plain: [], values: this.#surveyAll(Object.values(value), depth) };
    }
    const fields = names.sort().map((name) => (
      { name, shape: this.survey(value[name], depth + 1), isAlways: true }
    ));
    return withFields({ plain: [] }, fields);
  }
}

/** Whether a shape says already what another one says: the common case, and cheap to find out. */
function covers(a: AnswerShape, b: AnswerShape): boolean {
  if (a.isOpen === true) return true;
  if (b.isOpen === true || !b.plain.every((kind) => a.plain.includes(kind))) return false;
  const all = a.values;
  const isCovered = (whole: AnswerShape | undefined, part: AnswerShape | undefined) =>
    part === undefined || (whole !== undefined && covers(whole, part));
  if (!isCovered(a.items, b.items) || !isCovered(all, b.values)) return false;
  if (b.fields === undefined) return true;
  if (all !== undefined) return b.fields.every(({ shape }) => covers(all, shape));
  return a.fields !== undefined && coverFields(a.fields, b.fields);
}

/** Both are in order of name. */
function coverFields(a: readonly ShapeField[], b: readonly ShapeField[]): boolean {
  let next = 0;
  for (const { name, shape, isAlways } of a) {
    const other = b[next]?.name === name ? b[next++] : undefined;
    if (isAlways && other?.isAlways !== true) return false;
    if (other !== undefined && !covers(shape, other.shape)) return false;
  }
  return next === b.length;
}

function unite(a: AnswerShape, b: AnswerShape): AnswerShape {
  if (covers(a, b)) return a;
  if (b.isOpen === true) return open;
  const plain = [...new Set([...a.plain, ...b.plain])].sort();
  const items = uniteSeen(a.items, b.items);
  const shape: AnswerShape = { plain, ...(items !== undefined && { items }) };
  if (a.values !== undefined || b.values !== undefined) {
    const values = [a, b].flatMap(({ values, fields = [] }) => [
      ...(values === undefined ? [] : [values]),
      ...fields.map((field) => field.shape),
    ]);
    return { ...shape, values: values.reduce(unite, nothing) };
  }
  if (a.fields === undefined && b.fields === undefined) return shape;
  return withFields(shape, uniteFields(a.fields, b.fields));
}

function uniteSeen(a: AnswerShape | undefined, b: AnswerShape | undefined) {
  return a === undefined || b === undefined ? a ?? b : unite(a, b);
}

function uniteFields(
  a: readonly ShapeField[] | undefined,
  b: readonly ShapeField[] | undefined,
): readonly ShapeField[] {
  if (a === undefined || b === undefined) return a ?? b ?? [];
  const byName = Map.groupBy([...a, ...b], ({ name }) => name);
  return [...byName].sort(([x], [y]) => x < y ? -1 : 1).map(([name, seen]) => ({
    name,
    shape: seen.map(({ shape }) => shape).reduce(unite),
    isAlways: seen.length === 2 && seen.every(({ isAlways }) => isAlways),
  }));
}

/** Adds the keys of objects, or what they stand for where the keys are data. */
function withFields(shape: AnswerShape, fields: readonly ShapeField[]): AnswerShape {
  if (fields.length <= maxShapeKeys && !areKeysData(fields)) return { ...shape, fields };
  return { ...shape, values: fields.map((field) => field.shape).reduce(unite, nothing) };
}

/** The shape with so much depth as fits into the bound. */
function boundShape(shape: AnswerShape): AnswerShape {
  for (let depth = maxShapeDepth; depth > 0; depth--) {
    const pruned = prune(shape, depth);
    if (countNodes(pruned) <= maxShapeNodes) return pruned;
  }
  return open;
}

function prune(shape: AnswerShape, depth: number): AnswerShape {
  const { items, fields, values } = shape;
  if (items === undefined && fields === undefined && values === undefined) return shape;
  if (depth === 0) return open;
  return {
    ...shape,
    ...(items !== undefined && { items: prune(items, depth - 1) }),
    ...(values !== undefined && { values: prune(values, depth - 1) }),
    ...(fields !== undefined && {
      fields: fields.map((field) => ({ ...field, shape: prune(field.shape, depth - 1) })),
    }),
  };
}

function countNodes({ items, fields = [], values }: AnswerShape): number {
  const parts = [items, values, ...fields.map(({ shape }) => shape)];
  return parts.reduce((sum, part) => sum + (part === undefined ? 0 : countNodes(part)), 1);
}
