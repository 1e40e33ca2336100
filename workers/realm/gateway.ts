/**
 * The one door out of the guest's realm: a function of the Worker around it.
 * Only primitives come in through it, and only primitives and buffers made in
 * this realm go out, so that no object of the outer realm is ever within reach
 * of guest code. @module
 */

import { apply } from "./primordials.ts";

/** What the outer Worker does for the realm; it never throws on purpose. */
export interface GatewayOperations {
  /** Sends a message towards the server: JSON text. `final` ends the run. */
  send(json: string, final: boolean): void;
  /** Calls `fire(id)` of the realm once, after `ms` milliseconds. */
  startTimer(id: number, ms: number): void;
  /** Forgets a timer. */
  stopTimer(id: number): void;
  /** Milliseconds since the run began. */
  now(): number;
  /** Fills a byte array with random bytes. */
  random(bytes: Uint8Array): void;
  /** Encodes text as UTF-8 into `bytes`; gives the number written. */
  encode(text: string, bytes: Uint8Array): number;
  /** Decodes UTF-8; `undefined` where `fatal` and it is malformed. */
  decode(bytes: Uint8Array, fatal: boolean, ignoreBom: boolean): string | undefined;
  /** Base64; `undefined` where the text has a character above U+00FF. */
  btoa(text: string): string | undefined;
  /** From base64; `undefined` where it is malformed. */
  atob(text: string): string | undefined;
  /** Parses a URL; its components as JSON, `undefined` where it is none. */
  parseUrl(url: string, base: string | undefined): string | undefined;
  /** Sets one component (`pathname` …) of a URL; the components as JSON. */
  changeUrl(url: string, component: string, value: string): string;
}

/** The gateway function as the Worker hands it in. Never let guest code see it. */
export type RawGateway = <K extends keyof GatewayOperations>(
  operation: K,
  ...args: Parameters<GatewayOperations[K]>
) => ReturnType<GatewayOperations[K]>;

const RangeErrorOfRealm = RangeError;

/**
 * Wraps the raw gateway so that nothing of the outer realm comes in by way of
 * an exception: close to the end of the stack the engine itself throws a
 * `RangeError` of the outer realm. The arguments are passed one by one, as a
 * spread would ask the guest's own `Array.prototype[Symbol.iterator]` for them.
 */
export function guardGateway(raw: RawGateway): RawGateway {
  return (operation, ...args) => {
    const { length } = args;
    const first = length > 0 ? args[0] : undefined;
    const second = length > 1 ? args[1] : undefined;
    const third = length > 2 ? args[2] : undefined;
    try {
      return apply(raw, undefined, [operation, first, second, third]);
    } catch {
      throw new RangeErrorOfRealm("Maximum call stack size exceeded");
    }
  };
}
