/** Shapes of answers as JSON Schema, and as they are kept. @module */

import { z } from "zod";
import { type AnswerShape, maxShapeKeys, type ShapeField } from "./answer_shape.ts";
import type { JsonSchema } from "./tool.ts";

/** The schema of what fits a shape; open where nothing is known. */
export function shapeSchema(shape: AnswerShape): JsonSchema {
  const { plain, items, fields, values, isOpen } = shape;
  if (isOpen === true) return true;
  const kinds: JsonSchema[] = [];
  if (items !== undefined) kinds.push({ type: "array", items: shapeSchema(items) });
  if (fields !== undefined) kinds.push(fieldsSchema(fields));
  if (values !== undefined) {
    kinds.push({ type: "object", additionalProperties: shapeSchema(values) });
  }
  if (plain.length > 0) kinds.push({ type: plain.length === 1 ? plain[0] : [...plain] });
  if (kinds.length === 0) return true;
  return kinds.length === 1 ? kinds[0] : { anyOf: kinds };
}

/** A shape as text, for KV. */
export function formatShape(shape: AnswerShape): string {
  return JSON.stringify(shape);
}

/** The shape in a text from KV, or `undefined` where there is none in it. */
export function parseShape(text: unknown): AnswerShape | undefined {
  return storedShape.safeParse(text).data;
}

function fieldsSchema(fields: readonly ShapeField[]): JsonSchema {
  return {
    type: "object",
    // Makes properties of its own even of `__proto__`.
    properties: Object.fromEntries(fields.map(({ name, shape }) => [name, shapeSchema(shape)])),
    required: fields.filter(({ isAlways }) => isAlways).map(({ name }) => name),
  };
}

const shape: z.ZodType<AnswerShape> = z.lazy(() =>
  z.strictObject({
    plain: z.array(z.enum(["boolean", "null", "number", "string"])).max(4),
    items: shape.optional(),
    fields: z.array(z.strictObject({ name: z.string(), shape, isAlways: z.boolean() }))
      .max(maxShapeKeys).optional(),
    values: shape.optional(),
    isOpen: z.literal(true).optional(),
  })
);

const storedShape = z.string().max(65_536).transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("Invalid JSON");
    return z.NEVER;
  }
}).pipe(shape);
