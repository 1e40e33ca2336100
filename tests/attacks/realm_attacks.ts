/** Attacks on the guest's realm: ways back into the Worker's own, and names of its files. @module */

import { type Attack, survives } from "./attack.ts";
import { foreignCheck } from "./foreign_check.ts";

/** Logs each place of the Worker or of the server that a stack names. */
const tellsPlaces = `
const tells = (how, text) => {
  if (/blob:|file:|ext:|node:|host\\.js|\\/(?!script)/.test(String(text))) {
    console.log("ESCAPED", how, text);
  }
};`;

/** Escapes from the realm by what the engine and the platform hand over. */
export const realmAttacks: Attack[] = [
  survives(
    "everything within reach of the global",
    `${foreignCheck}
const seen = new Set();
function walk(value, path, depth) {
  if (value === null || !/object|function/.test(typeof value) || seen.has(value) || depth > 12) return;
  seen.add(value);
  expectOwn(path, value);
  for (const key of Reflect.ownKeys(value)) {
    const property = Reflect.getOwnPropertyDescriptor(value, key);
    const name = path + "." + String(key);
    for (const part of ["value", "get", "set"]) walk(property?.[part], name, depth + 1);
    try {
      walk(value[key], name, depth + 1);
    } catch (error) {
      walk(error, name + "!", depth + 1);
    }
  }
  walk(Reflect.getPrototypeOf(value), path + ".__proto__", depth + 1);
}
walk(globalThis, "globalThis", 0);
return seen.size > 500 ? undefined : console.log("HARM the walk saw too little");`,
  ),
  survives(
    "promises and errors of import()",
    `${foreignCheck}
for (const specifier of ["node:fs", "x:y", Symbol.iterator, { toString() { throw new Error("t"); } }]) {
  const promise = import(specifier);
  expectOwn("promise", promise);
  await promise.then((m) => expectOwn("module", m), (e) => expectOwn("error", e));
}
await import("x", { get with() { throw 1; } }).catch((e) => expectOwn("options", e));`,
  ),
  survives(
    "stack traces by prepareStackTrace, a new Error and the context's own object",
    `const Native = Error;
const hook = (_, sites) => { console.log("ESCAPED call sites", typeof sites[0]); return ""; };
let inner;
Object.defineProperty(globalThis, "leak", { get() { inner = this; return 1; }, configurable: true });
globalThis.leak;
const attempts = [
  () => { Native.prepareStackTrace = hook; },
  () => Object.defineProperty(Native, "prepareStackTrace", { value: hook }),
  () => { globalThis.Error = { prepareStackTrace: hook }; },
  () => Object.defineProperty(globalThis, "Error", { value: { prepareStackTrace: hook } }),
  () => Object.defineProperty(globalThis, "Error", { get: () => ({ prepareStackTrace: hook }) }),
  () => Object.defineProperty(inner, "Error", { value: { prepareStackTrace: hook } }),
  () => { delete globalThis.Error; },
  () => Reflect.set(globalThis, "Error", { prepareStackTrace: hook }, inner),
  () => Object.setPrototypeOf(inner, { Error: { prepareStackTrace: hook } }),
  () => { Object.prototype.prepareStackTrace = hook; },
  () => { Function.prototype.prepareStackTrace = hook; },
  () => { TypeError.prepareStackTrace = hook; },
  () => { (class extends Native { static prepareStackTrace = hook; }).captureStackTrace({}); },
];
for (const attempt of attempts) {
  try {
    attempt();
  } catch {}
  void new Native("x").stack;
  void new TypeError("x").stack;
  try {
    null.x;
  } catch (error) {
    void error.stack;
  }
}
if (Native !== Error) console.log("HARM Error was replaced");`,
  ),
  survives(
    "names of files in stacks",
    `${tellsPlaces}
tells("error", new Error().stack);
await new Promise((resolve) => setTimeout(() => resolve(tells("timer", new Error().stack)), 1));
await new Promise((resolve) => queueMicrotask(() => resolve(tells("task", new Error().stack))));
Object.defineProperty(Object.prototype, "then", {
  configurable: true,
  get() { tells("then", new Error().stack); return undefined; },
});
await memory.get("x");
delete Object.prototype.then;
const telling = (how) => new Proxy({}, {
  getPrototypeOf() { tells(how, new Error().stack); return null; },
  ownKeys() { tells(how, new Error().stack); return []; },
});
console.log(telling("log"));
Promise.reject(telling("rejection"));
await sleep(20);
const holder = {};
Error.captureStackTrace(holder);
tells("capture", holder.stack);
try { new URL(":"); } catch (error) { tells("platform", error.stack); }
try { await tools.call("no.such", {}); } catch (error) { tells("tool", error.stack); }
try { await import("node:fs"); } catch (error) { tells("import", error.stack); }
try { (function deep() { deep(); })(); } catch (error) { tells("overflow", error.stack); }`,
  ),
  survives(
    "the end of the stack near every function of the platform",
    `${foreignCheck}
const bytes = new Uint8Array(64), url = new URL("http://a/b?c=d"), decoder = new TextDecoder();
Object.defineProperty(globalThis, "getter", { get: () => 1, set() {}, configurable: true });
const actions = [
  () => clearTimeout(setTimeout(() => {}, 1e5)), () => performance.now(), () => crypto.randomUUID(),
  () => crypto.getRandomValues(bytes), () => new TextEncoder().encode("abc"),
  () => new TextEncoder().encodeInto("abc", bytes), () => decoder.decode(bytes), () => atob("aGk="),
  () => btoa("hi"), () => new URL("http://x/y"), () => new URL("::"), () => { url.pathname = "/z"; },
  () => url.searchParams.append("a", "b"), () => console.log(""), () => progress(1, 2),
  () => sleep(1), () => structuredClone({ a: [1, new Date()] }), () => import("node:fs"),
  () => Error.captureStackTrace({}), () => new Error("x").stack, () => globalThis.getter,
  () => { globalThis.fresh = 1; }, () => delete globalThis.fresh, () => Reflect.ownKeys(globalThis),
  () => Object.defineProperty(globalThis, "fresh", { get: () => 1, configurable: true }),
  () => undeclared, () => Function("1"), () => (async () => {}).constructor("1"),
  () => AbortSignal.abort().reason, () => queueMicrotask(() => {}), () => console.table([{ a: 1 }]),
  () => new Intl.DateTimeFormat("de").format(0), () => new Date().toLocaleString(),
  () => tools.search("x"), () => tools.call("no.such", {}), () => memory.get("k"), () => emit(1n),
  () => new ToolError("x"), () => new WeakRef({}).deref(), () => /(a+)+b/.exec("aaa"),
];
const down = (depth, act) => depth <= 0 ? act() : down(depth - 1, act);
const given = (value) => {
  expectOwn("given", value);
  value?.then?.((v) => expectOwn("resolved", v), (e) => expectOwn("rejected", e));
};
for (const act of actions) {
  let low = 0, high = 40_000;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    try { given(down(middle, act)); low = middle; } catch (error) {
      expectOwn("thrown", error);
      high = middle;
      if (!(error instanceof RangeError)) break;
    }
  }
  for (let depth = high - 12; depth < high + 24; depth++) {
    try { given(down(depth, act)); } catch (error) { expectOwn("thrown", error); }
  }
}
await sleep(20);`,
  ),
  survives(
    "prototypes and built-ins replaced under the platform",
    `${foreignCheck}
let busy = false;
const steal = (self, args) => {
  if (busy) return;
  busy = true;
  expectOwn("this", self);
  for (let i = 0; i < args.length; i++) expectOwn("argument", args[i]);
  busy = false;
};
const { apply } = Reflect;
for (const prototype of [Array.prototype, Map.prototype, String.prototype, Promise.prototype, RegExp.prototype]) {
  for (const key of Reflect.ownKeys(prototype)) {
    const native = Reflect.getOwnPropertyDescriptor(prototype, key);
    if (typeof native.value !== "function" || !native.configurable || key === "constructor") continue;
    Object.defineProperty(prototype, key, {
      ...native,
      value(...args) { steal(this, args); return apply(native.value, this, args); },
    });
  }
}
globalThis.Number = () => '0,"type":"idle"';
globalThis.Promise = class extends Promise {
  static get [Symbol.species]() { steal(this, []); return super[Symbol.species]; }
};
console.log("a", { b: [1] });
progress(1, 3);
const settled = [];
for (const promise of [memory.get("x"), tools.search("x"), sleep(1)]) settled.push(await promise);
for (const value of settled) expectOwn("answer", value);
setTimeout(() => {}, 1);
new URL("http://a/?b=c").searchParams.get("b");
structuredClone(new Map([[1, { a: 1 }]]));`,
  ),
  survives(
    "callers, arguments and receivers of callbacks",
    `${foreignCheck}
const look = function (...args) {
  expectOwn("receiver", this);
  args.forEach((argument) => expectOwn("argument", argument));
  for (const key of ["caller", "callee", "arguments"]) {
    try { expectOwn(key, look[key]); expectOwn(key, arguments[key]); } catch {}
  }
};
setTimeout(look, 0, 1);
queueMicrotask(look);
new AbortController().signal.addEventListener("abort", look);
const controller = new AbortController();
controller.signal.onabort = look;
controller.abort();
JSON.stringify({ toJSON: look });
new Promise(look);
memory.get("x").then(look, look);
new Proxy({}, { get: look, has: look }).x;
const registry = new FinalizationRegistry(look);
for (let i = 0; i < 10_000; i++) registry.register({ filler: [i] }, i);
expectOwn("generator", (function* () { yield 1; })().next());
for await (const value of (async function* () { yield {}; })()) expectOwn("async generator", value);
await Array.fromAsync([1]).then((list) => expectOwn("list", list));
await sleep(30);`,
  ),
  survives(
    "bindings as objects: thenable, inherited names, writing",
    `for (const binding of [memory, skills, tools]) {
  if ((await binding) !== binding) console.log("HARM a binding is thenable");
  for (const name of ["then", "constructor", "__proto__", "prototype", "toJSON", "hasOwnProperty"]) {
    if (binding[name] !== undefined) console.log("ESCAPED inherited", name);
  }
  if (Object.getPrototypeOf(binding) !== null) console.log("ESCAPED prototype");
  for (const write of [
    () => { binding.get = () => 1; },
    () => Object.defineProperty(binding, "get", { value: 1 }),
    () => { delete binding.search; delete binding.get; },
    () => Object.setPrototypeOf(binding, {}),
  ]) {
    try { write(); } catch {}
  }
}
if (typeof memory.get !== "function" || typeof tools.search !== "function") console.log("HARM changed");`,
  ),
];
