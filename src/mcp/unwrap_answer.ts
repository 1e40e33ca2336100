/** Makes the plain value that code sees from what a tool answered. @module */

import { z } from "zod";
import type { Json } from "../protocol/json.ts";
import { measureJson } from "../servers/measure_json.ts";
import { UpstreamError } from "../servers/upstream_error.ts";

/** Deepest nesting of an answer. */
const maxDepth = 64;

/** Most content blocks of an answer. */
const maxBlocks = 10_000;

/** An answer, as loose as can be: what is not looked at is not checked. */
const answer = z.looseObject({
  content: z.array(z.unknown()).max(maxBlocks).nullish(),
  isError: z.boolean().nullish().catch(undefined),
});

const textBlock = z.looseObject({ type: z.literal("text"), text: z.string() });

/**
 * The plain value of a `CallToolResult`: its structured content; else the JSON
 * its one text block holds; else that text; else the list of content blocks;
 * `null` where there is nothing.
 *
 * @throws {UpstreamError} `failed`, with the tool's own words; `refused`, where
 * the answer cannot be used.
 */
export function unwrapAnswer(result: unknown): Json {
  const parsed = answer.safeParse(result);
  if (!parsed.success) throw new UpstreamError("refused", "its answer is not a tool result");
  const { isError, structuredContent } = parsed.data;
  const content = parsed.data.content ?? [];
  if (isError === true) throw new UpstreamError("failed", wordsOf(content));
  // Only a promised schema makes it a duty; whoever sends it without one means it too.
  if (structuredContent !== undefined) return boundedJson(structuredContent);
  if (content.length === 0) return null;
  const only = content.length === 1 ? textBlock.safeParse(content[0]).data : undefined;
  return only === undefined ? boundedJson(content) : valueOf(only.text);
}

/** The value that a text stands for; the text itself where that is not JSON, or too deep. */
function valueOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) && !losesDigits(value, text) ? value : text;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Whether a number is not the one that was written, as with ids of 20 digits. */
function losesDigits(value: Json, text: string): boolean {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return false;
  if (!Number.isFinite(value)) return true;
  return Number.isInteger(value) && String(value) !== text.trim();
}

function boundedJson(value: unknown): Json {
  if (isJson(value)) return value;
  throw new UpstreamError("refused", `its answer is nested deeper than ${maxDepth}`);
}

/** What came out of `JSON.parse()` is JSON: only its depth is in question. */
function isJson(value: unknown): value is Json {
  return measureJson(value, maxDepth).depth <= maxDepth;
}

function wordsOf(content: unknown[]): string {
  const texts = content.flatMap((block) => textBlock.safeParse(block).data?.text ?? []);
  const words = texts.join("\n").trim();
  return words === "" ? "the tool failed and does not say why" : words;
}
