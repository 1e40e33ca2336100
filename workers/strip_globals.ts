/**
 * Empties the Worker's own global object. The second layer: guest code runs in
 * a context of its own and does not see this object, and if it came to see it,
 * there would be nothing on it to use. @module
 */

/**
 * What Deno's own Worker runtime looks up on the global while it runs: events go
 * through `dispatchEvent`, and a burst of messages through `queueMicrotask`.
 */
const kept = new Set(["globalThis", "self", "dispatchEvent", "queueMicrotask"]);

/** Names of ECMAScript stay: they are in each realm anyway. */
const ecmascript = new Set(
  ("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol " +
    "Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError " +
    "TypeError URIError JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array " +
    "Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array " +
    "BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef Proxy Reflect " +
    "FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent Iterator " +
    "isFinite isNaN").split(" "),
);

/** Removes every name from the global object and its prototypes that is not needed to run. */
export function stripGlobals(global: object): void {
  for (
    let object: object | null = global;
    object !== null;
    object = Object.getPrototypeOf(object)
  ) {
    if (object === Object.prototype) break;
    for (const name of Object.getOwnPropertyNames(object)) {
      if (kept.has(name) || ecmascript.has(name) || name === "constructor") continue;
      if (Object.getOwnPropertyDescriptor(object, name)?.configurable) {
        Reflect.deleteProperty(object, name);
      }
    }
  }
}
