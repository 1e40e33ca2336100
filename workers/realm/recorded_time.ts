/** `Date` and `Math.random` of a durable run, over the Worker's record of time and chance. @module */

import { bareBytes, byteRange } from "./buffers.ts";
import type { RawGateway } from "./gateway.ts";
import { defineHidden, deleteProperty } from "./primordials.ts";

const NativeDate = Date;
const NativeUint8Array = Uint8Array;
const { construct } = Reflect;

/** Puts them on the realm's global, before any guest code runs. */
export function installRecordedTime(global: object, gateway: RawGateway, startedAt: number): void {
  const now = () => startedAt + gateway("now");

  function RecordedDate(...given: unknown[]): unknown {
    if (new.target === undefined) return `${new NativeDate(now())}`;
    return construct(NativeDate, given.length === 0 ? [now()] : given, new.target);
  }
  const { parse, UTC, prototype } = NativeDate;
  const statics: [string, unknown][] = [["now", now], ["parse", parse], ["UTC", UTC]];
  for (const [name, value] of statics) defineHidden(RecordedDate, name, value);
  Object.defineProperty(RecordedDate, "name", { value: "Date" });
  Object.defineProperty(RecordedDate, "length", { value: 7 });
  RecordedDate.prototype = prototype;
  Object.defineProperty(RecordedDate, "prototype", { writable: false });
  defineHidden(prototype, "constructor", RecordedDate);
  defineHidden(global, "Date", RecordedDate);

  defineHidden(Math, "random", () => {
    const bytes = new NativeUint8Array(7);
    gateway("random", bareBytes(byteRange(bytes)));
    let value = bytes[0] & 0x1f;
    for (let at = 1; at < 7; at++) value = value * 256 + bytes[at];
    return value / 2 ** 53;
  });
  // What reads the clock by another way is not there.
  const temporal: unknown = Reflect.get(global, "Temporal");
  if (typeof temporal === "object" && temporal !== null) deleteProperty(temporal, "Now");
}
