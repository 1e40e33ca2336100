/** Pieces of type text and how they join. @module */

import { quoteKey, quoteText } from "./escape_text.ts";

/** A type as text, with what is needed to put it into another one. */
export interface TypePiece {
  /** The type itself. */
  readonly text: string;
  /** `open` says nothing, `weak` only that it is an object; both yield to what says more. */
  readonly kind: "open" | "weak" | "single" | "union" | "intersection";
}

const maxLiteralChars = 200;
const maxLiteralDepth = 4;

/** A piece that stands for itself. */
export function single(text: string): TypePiece {
  return { text, kind: "single" };
}

/** Any of the pieces; says nothing where one of them says nothing. */
export function unite(pieces: readonly TypePiece[]): TypePiece {
  const open = pieces.find(({ kind }) => kind === "open");
  if (open !== undefined) return open;
  const texts = new Set(pieces.map(({ text }) => text));
  if (texts.size > 1) texts.delete("never");
  const [first] = pieces.filter(({ text }) => texts.has(text));
  if (texts.size === 1) return first;
  return texts.size === 0 ? single("never") : { text: [...texts].join(" | "), kind: "union" };
}

/** All of the pieces at once: what says more wins over what says less. */
export function intersect(pieces: readonly TypePiece[]): TypePiece | undefined {
  const strong = pieces.filter(({ kind }) => kind !== "open" && kind !== "weak");
  if (strong.length === 0) {
    const isRemarked = ({ text }: TypePiece) => text.includes("/*");
    return pieces.find(({ kind }) => kind === "weak") ?? pieces.find(isRemarked) ?? pieces[0];
  }
  const texts = new Set(
    strong.map((piece) => piece.kind === "union" ? `(${piece.text})` : piece.text),
  );
  if (texts.size === 1) return strong[0];
  return { text: [...texts].join(" & "), kind: "intersection" };
}

/** A list of the piece. */
export function listOf({ text, kind }: TypePiece): TypePiece {
  const element = kind === "union" || kind === "intersection" || text.includes("/*")
    ? `(${text})`
    : text;
  return single(`${element}[]`);
}

/** The type that has one JSON value; `undefined` where it is too long or too deep to be spelled. */
export function literal(value: unknown, depth = 0): TypePiece | undefined {
  if (value === null || typeof value === "boolean") return single(String(value));
  if (typeof value === "number") return Number.isFinite(value) ? single(`${value}`) : undefined;
  if (typeof value === "string") {
    return value.length > maxLiteralChars ? undefined : single(quoteText(value));
  }
  if (typeof value !== "object" || depth > maxLiteralDepth) return undefined;
  const inner = Object.entries(value).map(([key, item]) =>
    [key, literal(item, depth + 1)] as const
  );
  const texts: string[] = [];
  for (const [key, piece] of inner) {
    if (piece === undefined) return undefined;
    texts.push(Array.isArray(value) ? piece.text : `${quoteKey(key)}: ${piece.text}`);
  }
  const body = texts.join(Array.isArray(value) ? ", " : "; ");
  if (body.length > maxLiteralChars) return undefined;
  if (Array.isArray(value)) return single(`[${body}]`);
  return single(body === "" ? "{}" : `{ ${body} }`);
}
