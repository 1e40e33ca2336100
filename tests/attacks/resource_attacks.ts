/** Attacks on time, memory and pipes. @module */

import { type Attack, fails, runsOut, survives, timesOut } from "./attack.ts";

/** What a run asks of before it turns hostile: it must be kept whatever comes after. */
const before = `console.log("kept");\nawait memory.get("kept");\n`;

/** Code that does not stop. */
export const timeAttacks: Attack[] = [
  { ...timesOut("a loop", `${before}while (true) {}`), receipts: 1 },
  timesOut("a loop of microtasks", `while (true) await 0;`),
  timesOut("a wait without end", `await new Promise(() => {});`),
  timesOut("a sleep without end", `await sleep(1e12);`),
  timesOut("a backtracking expression", `/^(a+)+$/.test("a".repeat(60) + "b");`),
  timesOut(
    "a growing integer",
    `let x = 3n ** 5_000_000n; while (true) x = x * x % (7n ** 900_000n);`,
  ),
  timesOut(
    "a sort that lies",
    `const a = Array.from({ length: 1e5 }, Math.random);
while (true) a.sort(() => 0.5 - Math.random());`,
  ),
  timesOut(
    "an iterator without end",
    `Array.from({ length: 2 ** 31 }, () => 0).length; while (true) [];`,
  ),
  timesOut("a loop in a timer", `setTimeout(() => { while (true) {} }, 1); await sleep(1e6);`),
  timesOut(
    "a storm of timers",
    `for (let i = 0; i < 5_000; i++) setInterval(() => {}, 0); await sleep(1e6);`,
  ),
  timesOut("a loop in toJSON", `return { toJSON() { while (true) {} } };`),
  timesOut(
    "a loop in a getter of an argument",
    `await memory.set("k", { get x() { while (true) {} } });`,
  ),
  timesOut(
    "a loop in a trap of a rejection",
    `Promise.reject(new Proxy({}, { getPrototypeOf() { while (true) {} } })); await sleep(1e6);`,
  ),
  timesOut("a loop in a thenable", `return { then() { while (true) {} } };`),
  timesOut("a thenable that never settles", `return { then() {} };`),
  timesOut("a log without end", `${before}while (true) console.log("x".repeat(1_000));`),
  timesOut("a log of nothing without end", `while (true) console.log("");`),
  timesOut("progress without end", `while (true) progress(1, 1);`),
];

/** Code that does not stop growing. */
export const memoryAttacks: Attack[] = [
  {
    ...runsOut("objects", `${before}const a = []; while (true) a.push({ a: [1, 2, 3] });`),
    receipts: 1,
  },
  runsOut("strings", `const a = []; while (true) a.push("x".repeat(1 << 20).split("").join("y"));`),
  runsOut("buffers", `const a = []; while (true) a.push(new Uint8Array(1 << 24).fill(1));`),
  runsOut(
    "a resizable buffer",
    `const b = new ArrayBuffer(0, { maxByteLength: 2 ** 32 });
for (let n = 1; ; n++) { b.resize(n << 22); new Uint8Array(b).fill(1); }`,
  ),
  runsOut(
    "joined strings",
    `const s = "x".repeat(1 << 28), a = []; while (true) a.push(encodeURI(s + a.length));`,
  ),
  runsOut("promises", `const a = []; while (true) a.push(new Promise(() => {}));`),
  runsOut("a map", `const m = new Map(); for (let i = 0; ; i++) m.set(i, {});`),
  runsOut("closures", `let f = () => 0; for (;;) { const g = f; f = () => g; }`),
  runsOut(
    "errors with their stacks",
    `const a = []; while (true) a.push(new Error("x".repeat(9_000) + a.length).stack);`,
  ),
];

/** Code that asks without end. */
export const floodAttacks: Attack[] = [
  fails("calls that nobody waits for", "call_limit", `while (true) memory.get("x");`),
  fails(
    "calls one by one",
    "call_limit",
    `while (true) { try { await memory.get("x"); } catch {} }`,
  ),
  fails(
    "calls of tools that do not exist",
    "call_limit",
    `while (true) tools.call("no.such", {});`,
  ),
  fails("questions about tools", "call_limit", `while (true) tools.search("x");`),
  fails("blocks that are emitted", "thrown", `while (true) emit({ type: "text", text: "x" });`),
  fails("timers", "thrown", `while (true) setTimeout(() => {}, 1e6);`),
  fails(
    "arguments that are too large",
    "invalid_arguments",
    `await memory.set("k", "x".repeat(2 << 20));`,
  ),
  survives(
    "big answers in parallel",
    `await memory.set("big", "x".repeat(900_000));
const all = await Promise.all(Array.from({ length: 8 }, async () => (await memory.get("big")).length));
return all.length;`,
  ),
];

/** Code that goes on when its run is over. */
export const lateAttacks: Attack[] = [
  survives("microtasks after the return", `const f = () => Promise.resolve().then(f); f();`),
  survives(
    "timers after the return",
    `setTimeout(() => { while (true) {} }, 0); setInterval(() => { while (true) {} }, 1);`,
  ),
  survives(
    "finalizers after the return",
    `const registry = new FinalizationRegistry(() => { while (true) {} });
for (let i = 0; i < 200_000; i++) registry.register({ filler: new Array(20) }, i);`,
  ),
  survives("calls after the return", `for (let i = 0; i < 20; i++) memory.get("x");`),
  survives(
    "logs after the return",
    `(async () => { while (true) { await null; console.log("late"); } })();`,
  ),
  survives("a rejection after the return", `Promise.reject(new Error("late"));`),
  fails(
    "a finalizer that throws",
    "thrown",
    `const registry = new FinalizationRegistry(() => { throw new Error("late"); });
for (let i = 0; i < 200_000; i++) registry.register({ filler: new Array(20) }, i);
await sleep(1e6);`,
  ),
  fails(
    "a timer that throws",
    "thrown",
    `setTimeout(() => { throw new Error("late"); }, 1); await sleep(1e6);`,
  ),
];
