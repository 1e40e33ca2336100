/** Names that no server and no tool may have in code: they get `_` behind. @module */

const words = "arguments await break case catch class const continue debugger default delete do " +
  "else enum export extends false finally for function if implements import in instanceof " +
  "interface let new null package private protected public return static super switch this " +
  "throw true try typeof var void while with yield";

/** Globals of the guest that are Airlock's, and those of the web that it has (`API.md` section 4). */
const guestGlobals = "tools memory skills input sleep progress emit console ToolError sql " +
  "URL URLSearchParams TextEncoder TextDecoder structuredClone atob btoa crypto " +
  "setTimeout clearTimeout setInterval clearInterval queueMicrotask " +
  "AbortController AbortSignal DOMException Event EventTarget performance";

const ecmaScriptGlobals = "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat " +
  "parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape " +
  "AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array " +
  "BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry " +
  "Float16Array Float32Array Float64Array Function Int8Array Int16Array Int32Array Intl Iterator " +
  "JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set " +
  "SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal TypeError Uint8Array " +
  "Uint8ClampedArray Uint16Array Uint32Array URIError WeakMap WeakRef WeakSet WebAssembly";

/**
 * What every object answers to, and what makes it a thenable: a namespace with
 * a tool named `then` would never come out of an `await`.
 */
const objectMembers = "then constructor prototype __proto__ __defineGetter__ __defineSetter__ " +
  "__lookupGetter__ __lookupSetter__ hasOwnProperty isPrototypeOf propertyIsEnumerable " +
  "toLocaleString toString toJSON valueOf";

/** Reserved words, the guest's own globals, and members that would break an object. */
export const reservedNames: ReadonlySet<string> = new Set(
  [words, guestGlobals, ecmaScriptGlobals, objectMembers].join(" ").split(" "),
);
