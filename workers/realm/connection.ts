/**
 * What the classes of the platform need of their surroundings. There is one
 * realm to a bundle, so there is one connection, made before any guest code.
 * @module
 */

import type { RawGateway } from "./gateway.ts";

/** What {@linkcode connect} takes. */
export interface Connection {
  /** The way out; never let guest code see it. */
  readonly gateway: RawGateway;
  /** An error that no caller is there to catch. */
  readonly onUncaught: (error: unknown) => void;
  /** Calls back once, after `ms` milliseconds. */
  readonly later: (callback: () => void, ms: number) => void;
}

let current: Connection | undefined;

/** Connects the platform's classes, once. */
export function connect(connection: Connection): void {
  current = connection;
}

/** The connection; a `TypeError` before there is one. */
export function connection(): Connection {
  if (current === undefined) throw new TypeError("Cannot use the platform: it is not installed");
  return current;
}
