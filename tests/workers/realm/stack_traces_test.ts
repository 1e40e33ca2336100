import { deepStrictEqual, match, strictEqual } from "assert";
import { guestFrames } from "../../../workers/realm/stack_traces.ts";
import { createVmRealm } from "./vm_realm.ts";

/** Ways to have a function called with call sites, whose methods belong to the outer realm. */
const attacks = [
  "Error.prepareStackTrace = leak",
  "Object.defineProperty(Error, 'prepareStackTrace', { value: leak })",
  "Error.__defineGetter__('prepareStackTrace', () => leak)",
  "globalThis.Error = { prepareStackTrace: leak }",
  "'use strict'; globalThis.Error = { prepareStackTrace: leak }",
  "var Error = { prepareStackTrace: leak }",
  "let Error = { prepareStackTrace: leak }",
  "delete globalThis.Error; globalThis.Error = { prepareStackTrace: leak }",
  "Object.defineProperty(globalThis, 'Error', { value: { prepareStackTrace: leak } })",
  "Object.defineProperty(globalThis, 'Error', { get: () => ({ prepareStackTrace: leak }) })",
  "globalThis.__defineGetter__('Error', () => ({ prepareStackTrace: leak }))",
  "Reflect.set(globalThis, 'Error', { prepareStackTrace: leak })",
  "Reflect.setPrototypeOf(globalThis, { Error: { prepareStackTrace: leak } })",
  "Object.prototype.prepareStackTrace = Function.prototype.prepareStackTrace = leak",
  "TypeError.prepareStackTrace = RangeError.prepareStackTrace = leak",
];

Deno.test("lockStackTraces() keeps call sites from guest code", () => {
  for (const attack of attacks) {
    using realm = createVmRealm();
    realm.evaluate("const leak = (_, sites) => { globalThis.sites = sites; return sites; };");
    const outcome = realm.evaluate(`try { (0, () => { ${attack} })(); } catch {}
      const captured = {};
      TypeError.captureStackTrace?.(captured);
      let thrown;
      try { null.x; } catch (error) { thrown = error; }
      const stacks = [new TypeError("x").stack, captured.stack, thrown.stack];
      stacks.map((stack) => Array.isArray(stack)).join() + typeof sites`);
    strictEqual(outcome, "false,false,falseundefined", attack);
  }
});

Deno.test("lockStackTraces() leaves errors and their stacks in working order", () => {
  using realm = createVmRealm();

  const stack = realm.evaluate(`Error.stackTraceLimit = 1;
    class Own extends Error {}
    [new Own("x") instanceof Error, Error("y").stack].join()`);

  match(`${stack}`, /^true,Error: y\n {4}at script\.ts:3:37$/);
});

Deno.test("guestFrames() keeps the frames of the script alone", () => {
  const stack = `Error: x
    at script.ts:1:2
    at load (script.ts:3:4)
    at async run (script.ts:5:6)
    at Array.map (<anonymous>)
    at inner (realm.js:7:8)
    at Script.runInContext (ext:deno_node/vm.js:1:3027)
    at blob:null/1-2:3:4
    at fake (file:///script.ts:1:2)`;

  deepStrictEqual(guestFrames(stack).split("\n"), [
    "",
    "    at script.ts:1:2",
    "    at load (script.ts:3:4)",
    "    at async run (script.ts:5:6)",
  ]);
});

Deno.test("guestFrames() is empty for what is no stack", () => {
  deepStrictEqual(["", "Error: x", "\n    at", "\n    at script.ts"].map(guestFrames), [
    "",
    "",
    "",
    "",
  ]);
});
