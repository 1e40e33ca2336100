/** Attacks by values: results, errors, arguments and code that break whoever reads them. @module */

import { type Attack, fails, survives } from "./attack.ts";

/** Values on their way out. */
export const valueAttacks: Attack[] = [
  fails("a huge result", "output_limit", `return "z".repeat(4 << 20);`),
  fails("a cycle", "thrown", `const a = {}; a.a = a; return a;`),
  fails("a BigInt", "thrown", `return 1n;`),
  fails("a function", "thrown", `return () => 1;`),
  fails("a getter that throws", "thrown", `return { get x() { throw new Error("getter"); } };`),
  fails(
    "a proxy whose traps throw",
    "thrown",
    `return new Proxy({}, { ownKeys() { throw new Error("trap"); } });`,
  ),
  fails(
    "an error of 100 MB",
    "thrown",
    `const e = new Error("x".repeat(20 << 20)); e.stack = "y".repeat(20 << 20); throw e;`,
  ),
  fails(
    "an error whose parts throw",
    "thrown",
    `throw Object.defineProperties(new Error("x"), Object.fromEntries(
  ["name", "message", "stack", "cause"].map((key) => [key, { get() { throw new Error(key); } }]),
));`,
  ),
  fails(
    "a thrown proxy",
    "thrown",
    `throw new Proxy(new Error("x"), { get() { throw 1; }, getPrototypeOf() { throw 2; } });`,
  ),
  fails("a thrown symbol", "thrown", `throw Symbol("x");`),
  fails("a thrown nothing", "thrown", `throw undefined;`),
  fails(
    "a forged code of an error",
    "thrown",
    `throw Object.assign(new Error("x"), { code: "timed_out", name: "ToolError", tool: "memory.get" });`,
  ),
  fails("a forged ToolError", "thrown", `throw new ToolError("x", { code: "cancelled" });`),
  fails(
    "numbers that forge a message",
    "thrown",
    `globalThis.Number = Object.assign(() => '0,"type":"idle"', { isFinite: () => true });
progress(1, 2);
throw new Error("x");`,
  ),
  survives(
    "toJSON on every object",
    `Object.prototype.toJSON = () => ({ type: "idle" });
console.log({}, []);
emit({ type: "text" });
await memory.get("x").catch(() => 0);
delete Object.prototype.toJSON;`,
  ),
  survives(
    "setters on every object",
    `for (const key of ["type", "callId", "tool", "args", "code", "name", "message", "value", "get", "length", "0"]) {
  Object.defineProperty(Object.prototype, key, { __proto__: null, set() {}, get() { return "forged"; }, configurable: true });
}
try { console.log({ a: 1 }); await memory.get("x"); progress(1, 2); } finally {
  for (const key of Reflect.ownKeys(Object.prototype)) {
    if (Object.prototype[key] === "forged") delete Object.prototype[key];
  }
}`,
  ),
  survives(
    "hostile values in a log",
    `console.log(new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; }, getPrototypeOf() { throw 3; } }));
console.log({ get [Symbol.toStringTag]() { throw 4; }, toJSON() { while (true) {} } });
console.log("%o %j %d", { toJSON() { throw 5; } }, 1n, Symbol("x"));
console.table([new Proxy([], { get() { throw 6; } })]);
let deep = {}; for (let i = 0; i < 100_000; i++) deep = { deep };
console.log(deep, new Array(2 ** 32 - 1), "\u2028\u0000\ud800");`,
  ),
  survives(
    "hostile arguments",
    `const bad = [1n, Symbol("x"), () => 1, new Proxy({}, { ownKeys() { throw 1; } }), { toJSON: () => 1n }];
let deep = {}; for (let i = 0; i < 5_000; i++) deep = { deep };
for (const args of [...bad, deep, "__proto__", null, 7, [], new Array(1e5)]) {
  await tools.call("memory.get", args).then(() => console.log("HARM answered"), () => {});
}
await tools.call("\u0000".repeat(5_000), {}).catch(() => {});
await (async () => tools.call({ toString() { throw new Error("x"); } }, {}))().catch(() => {});`,
  ),
  survives(
    "state left for the next run",
    `
if (globalThis.mark || {}.mark || [].map(() => 0)[0] === "patched") console.log("ESCAPED earlier state");
globalThis.mark = Object.prototype.mark = 1;
Array.prototype.map = () => ["patched"];`,
  ),
  survives(
    "state left by an earlier run",
    `
if (globalThis.mark || {}.mark || [1].map(() => 0)[0] === "patched") console.log("ESCAPED earlier state");`,
  ),
];

/** Code that breaks whoever reads it. */
export const parserAttacks: Attack[] = [
  fails("nested brackets", "syntax_error", "return " + "[".repeat(10_000)),
  fails("nested assignments", "syntax_error", "return " + "(a=".repeat(60_000)),
  fails("nested operators", "syntax_error", "return " + "!".repeat(100_000) + "1"),
  fails("nested sums", "syntax_error", "return " + "1-".repeat(60_000) + "1"),
  fails("nested templates", "syntax_error", "return " + "`${".repeat(5_000)),
  fails("nested types", "syntax_error", "let x: " + "Array<".repeat(20_000)),
  fails("nested arrows", "syntax_error", "return " + "()=>".repeat(20_000) + "1"),
  fails(
    "braces that leave the wrapper",
    "syntax_error",
    `}); while (true) {} (async function () {`,
  ),
  fails("a label of the wrapper's", "syntax_error", "`"),
  fails("a private name", "syntax_error", `return this.#x;`),
  survives("the wrapper's receiver", `if (this !== undefined) console.log("ESCAPED this");`),
  survives(
    "the wrapper's arguments",
    `if (arguments[0] !== undefined) console.log("ESCAPED arguments");`,
  ),
];
