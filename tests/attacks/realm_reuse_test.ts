/** Runs that share a Worker (`fresh: "realm"`): nothing of one is left for the next. @module */

import { deepStrictEqual } from "assert";
import { type Attack, survives } from "./attack.ts";
import { foreignCheck } from "./foreign_check.ts";
import { reachAttacks } from "./reach_attacks.ts";
import { realmAttacks } from "./realm_attacks.ts";
import { keys, serveAirlock } from "./served_airlock.ts";

/** Run one after the other: what a run leaves behind, the next one looks for. */
const leftovers: Attack[] = [
  survives(
    "globals, prototypes and registered symbols",
    `globalThis.left = Object.prototype.left = Array.prototype.left = Promise.prototype.left = 1;
Array.prototype.map = JSON.stringify = console.log = () => "left";
Object.defineProperty(globalThis, "memory", { value: { get: () => "left" } });
Symbol.for("left").constructor.prototype.left = Error.left = Error.stackTraceLimit = 1;`,
  ),
  survives(
    "timers, answers, rejections and promises that are pending",
    `setInterval(() => { globalThis.late = 1; console.log("HARM an interval went on"); }, 1);
setTimeout(() => console.log("HARM a timer went on"), 30);
memory.get("x").then(() => console.log("HARM an answer came late"));
tools.search("x").then(() => Promise.reject(new Error("HARM a late rejection")));
sleep(20).then(() => { throw new Error("HARM a late error"); });
new Promise(() => {}).finally(() => console.log("HARM a promise was settled"));
Promise.reject(new Proxy({}, { get() { console.log("HARM a trap"); }, ownKeys() { return []; } }));`,
  ),
  survives(
    "listeners, finalizers and unfinished iterations",
    `const controller = new AbortController();
controller.signal.addEventListener("abort", () => console.log("HARM a listener was called"));
setTimeout(() => controller.abort(), 20);
const registry = new FinalizationRegistry(() => console.log("HARM a finalizer was called"));
for (let i = 0; i < 50_000; i++) registry.register({ filler: new Array(20) }, i);
(async () => { for await (const n of (async function* () { for (;;) { await sleep(1); yield 1; } })()) n; })();
import("node:fs").catch(() => sleep(5)).then(() => console.log("HARM an import went on"));`,
  ),
];

/** Harmless but for what it finds. */
const looking = survives(
  "a look around",
  `${foreignCheck}
const found = ["left", "late"].filter((name) => name in globalThis || name in [] || name in Promise.prototype);
if (found.length > 0 || "left" in Symbol.prototype || "left" in Error) console.log("ESCAPED left", found);
if ([1].map((n) => n + 1)[0] !== 2 || JSON.stringify([1]) !== "[1]") console.log("ESCAPED patched");
if (Error.stackTraceLimit < 2) console.log("ESCAPED a limit");
expectOwn("answer", await tools.search("x"));
if (await memory.get("none") !== null) console.log("ESCAPED a binding");
const filler = [];
for (let i = 0; i < 200; i++) { filler.push(new Array(10_000).fill(i)); if (i % 50 === 0) await sleep(10); }
await sleep(50);
return filler.length;`,
);

Deno.test('hostile code loses where runs share a Worker (fresh: "realm")', async (t) => {
  const limits = { timeoutMs: 20_000, memoryMb: 256 };
  const sandbox = { fresh: "realm", warm: 1, maxConcurrent: 1, reuse: 200 };
  await using airlock = await serveAirlock({ limits, sandbox });
  const endsOf = async (attacks: readonly Attack[]) => {
    const ends = [];
    for (const { name, code } of attacks) {
      const { status, error, logs } = await airlock.run(keys.attacker, code);
      const wins = logs.filter(({ text }) => /ESCAPED|HARM/.test(text)).map(({ text }) => text);
      ends.push({ name, status, error: error?.code, wins });
    }
    return ends;
  };
  const expected = (attacks: readonly Attack[]) =>
    attacks.map(({ name, status, error }) => ({ name, status, error, wins: [] }));

  await t.step("the next run sees nothing of what a run left", async () => {
    const attacks = leftovers.flatMap((attack) => [attack, looking]);
    deepStrictEqual(await endsOf(attacks), expected(attacks));
  });
  await t.step("nothing is reached, and no realm is left", async () => {
    const attacks = [...reachAttacks, ...realmAttacks, looking];
    deepStrictEqual(await endsOf(attacks), expected(attacks));
  });
});
