/** What is remembered of a server's tools, and how a new list differs from it. @module */

import { hashJson } from "../hashing/hash_json.ts";
import type { ListedTool } from "./tool.ts";

/** One tool as it was trusted. */
export interface Pin {
  /** Hash of all that the server says about the tool: a superset of `Tool.hash`. */
  readonly hash: string;
  /** What the server said. @default {it was too large to be kept} */
  readonly definition?: ListedTool;
  /** Whether the server lists it at present. */
  readonly isListed: boolean;
  /** Hash of a change that is on record already. @default {none is} */
  readonly reported?: string;
}

/** Something that happened to a server's tools after they were first seen. */
export interface ToolChange {
  /** When it was noticed, ISO 8601. */
  at: string;
  /** An added tool can be called at once, a changed one only once it was accepted. */
  kind: "added" | "changed" | "removed" | "renamed" | "accepted";
  /** What the server calls the tool, or called it. */
  tool: string;
  /** Its new name, where it was renamed. */
  to?: string;
}

/** All that is remembered of one server. */
export interface PinRecord {
  /** By original name; also of tools that are gone, so that none returns as something else. */
  readonly pins: ReadonlyMap<string, Pin>;
  /** The latest changes, oldest first. */
  readonly changes: readonly ToolChange[];
}

/** A list of tools held against what is remembered. */
export interface Comparison {
  /** What is remembered from now on; the same object where nothing is new. */
  readonly record: PinRecord;
  /** Tools for the catalog: changed ones as they were, and blocked. */
  readonly tools: readonly ListedTool[];
  /** The changed ones as they are now, by name. */
  readonly pending: ReadonlyMap<string, ListedTool>;
  /** What is new since the last list. */
  readonly found: readonly ToolChange[];
}

/** Why a changed tool cannot be called. */
export const blockedReason = "its server changed it, and nobody has accepted the change";

const maxChanges = 100;
/** A server that makes up names can push out only its own removed tools. */
const maxRemoved = 10_000;

/**
 * Holds a list against what is remembered. The first list of a server is
 * trusted as it stands.
 *
 * @param at The time, ISO 8601.
 */
export function comparePins(
  record: PinRecord | undefined,
  listed: readonly ListedTool[],
  at: string,
): Comparison {
  const pins = new Map<string, Pin>();
  const tools: ListedTool[] = [];
  const pending = new Map<string, ListedTool>();
  const found: ToolChange[] = [];
  const added = new Map<string, ListedTool>();
  for (const tool of listed) {
    if (pins.has(tool.name)) continue;
    const pin = record?.pins.get(tool.name);
    const hash = hashDefinition(tool);
    if (pin === undefined) added.set(tool.name, tool);
    if (pin === undefined || pin.hash === hash) {
      pins.set(tool.name, { hash, definition: tool, isListed: true });
      tools.push(tool);
      continue;
    }
    pins.set(tool.name, { ...pin, isListed: true, reported: hash });
    pending.set(tool.name, tool);
    tools.push(blockedForm(tool.name, pin));
    if (pin.reported !== hash) found.push({ at, kind: "changed", tool: tool.name });
  }
  if (record === undefined) return { record: { pins, changes: [] }, tools, pending, found };

  const gone = [...record.pins].filter(([name]) => !pins.has(name));
  const removed = gone.filter(([, pin]) => pin.isListed);
  found.push(...describeMoves(added, removed, at));
  const longGone = gone.filter(([, pin]) => !pin.isListed);
  for (const [name, pin] of [...longGone, ...removed].slice(-maxRemoved)) {
    pins.set(name, { ...pin, isListed: false });
  }
  if (isSame(pins, record.pins)) return { record, tools, pending, found };
  return { record: { pins, changes: withChanges(record, found) }, tools, pending, found };
}

/** What is remembered once a change was accepted. */
export function acceptPin(record: PinRecord, tool: ListedTool, at: string): PinRecord {
  const pin: Pin = { hash: hashDefinition(tool), definition: tool, isListed: true };
  const pins = new Map(record.pins).set(tool.name, pin);
  return { pins, changes: withChanges(record, [{ at, kind: "accepted", tool: tool.name }]) };
}

function hashDefinition(tool: ListedTool): string {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return hashJson({ name, title, description, inputSchema, outputSchema, annotations });
}

/** What the catalog shows in place of a changed tool: never the new words. */
function blockedForm(name: string, { definition }: Pin): ListedTool {
  const known = definition ?? { name, inputSchema: { type: "object" } };
  return { ...known, blocked: blockedReason };
}

/** Tools that came and went; one that came as the same under another name was renamed. */
function describeMoves(
  added: ReadonlyMap<string, ListedTool>,
  removed: readonly [string, Pin][],
  at: string,
): ToolChange[] {
  const nameless = ({ name: _name, ...rest }: ListedTool) => hashDefinition({ name: "", ...rest });
  const arrivals = new Map([...added.values()].map((tool) => [nameless(tool), tool.name]));
  const renamed: ToolChange[] = [];
  const left: ToolChange[] = [];
  for (const [tool, { definition }] of removed) {
    const hash = definition === undefined ? "" : nameless(definition);
    const to = arrivals.get(hash);
    if (to === undefined) left.push({ at, kind: "removed", tool });
    else renamed.push({ at, kind: "renamed", tool, to });
    arrivals.delete(hash);
  }
  const known = new Set(renamed.map(({ to }) => to));
  const fresh = [...added.keys()].filter((tool) => !known.has(tool));
  return [...renamed, ...left, ...fresh.map((tool) => ({ at, kind: "added" as const, tool }))];
}

function withChanges(record: PinRecord, found: readonly ToolChange[]): ToolChange[] {
  return [...record.changes, ...found].slice(-maxChanges);
}

function isSame(pins: ReadonlyMap<string, Pin>, before: ReadonlyMap<string, Pin>): boolean {
  if (pins.size !== before.size) return false;
  return [...pins].every(([name, { hash, isListed, reported }]) => {
    const old = before.get(name);
    return old?.hash === hash && old.isListed === isListed && old.reported === reported;
  });
}
