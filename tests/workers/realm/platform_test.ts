import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { createVmRealm } from "./vm_realm.ts";

const names = "AbortController AbortSignal TextDecoder TextEncoder URL URLSearchParams atob btoa " +
  "clearInterval clearTimeout console crypto performance queueMicrotask setInterval setTimeout " +
  "sleep structuredClone";

/**
 * Guest code that finds whatever is not of its own realm: an object whose
 * prototypes end in another `Object.prototype`. Takes its tools before others patch them.
 */
const hunter = `const hunter = (() => {
  const { apply, construct, getPrototypeOf, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const own = Object.prototype, has = Object.prototype.hasOwnProperty, seen = new Set();
  const { add: setAdd, has: setHas } = Set.prototype, { push } = Array.prototype;
  const isObject = (value) => typeof value === "function" || (typeof value === "object" && value !== null);
  const isForeign = (value) => {
    let root = value;
    for (let up = getPrototypeOf(root); up !== null; up = getPrototypeOf(up)) root = up;
    return root !== own && apply(has, root, ["hasOwnProperty"]);
  };
  const found = [];
  const functions = [];
  const visit = (value, path) => {
    const queue = [[value, path]];
    for (let i = 0; i < queue.length; i++) {
      const next = queue[i][0], name = queue[i][1];
      if (!isObject(next) || apply(setHas, seen, [next])) continue;
      apply(setAdd, seen, [next]);
      if (isForeign(next)) { apply(push, found, [name]); continue; }
      if (typeof next === "function") apply(push, functions, [{ name, value: next }]);
      apply(push, queue, [[getPrototypeOf(next), name + ".__proto__"]]);
      const keys = ownKeys(next);
      for (let k = 0; k < keys.length; k++) {
        const property = getOwnPropertyDescriptor(next, keys[k]);
        if (property === undefined) continue;
        const at = name + "." + String(keys[k]);
        apply(push, queue, [[property.value, at]]);
        apply(push, queue, [[property.get, at + "<get>"]]);
        apply(push, queue, [[property.set, at + "<set>"]]);
      }
    }
  };
  return { visit, found, functions, seen };
})();`;

/** Arguments that nobody expects. */
const oddArguments = `const trap = () => { throw new RangeError("trap"); };
const hostile = new Proxy(function () {}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap,
  getOwnPropertyDescriptor: trap, apply: trap, construct: trap });
const odd = [[], [undefined], [null], [{}], [Symbol("s")], [hostile], [1n], ["x"], [NaN], [-1], [[]],
  ["x", hostile], ["abort", hostile], ["http://a/", "b"], [new Uint8Array(3)], [{ valueOf: trap, toString: trap }],
  [() => {}, 0], ["%", {}], [new ArrayBuffer(3)], [[[1, 2]]]];`;

Deno.test("installPlatform() gives the listed globals and takes away the rest", () => {
  using realm = createVmRealm();

  const found = realm.evaluate(`"${names}".split(" ").map((name) => {
    const { value, ...flags } = Object.getOwnPropertyDescriptor(globalThis, name);
    const kind = typeof value + (typeof value === "function" ? value.name : "");
    return [name, kind, ...Object.values(flags)].join();
  }).join(";")`);
  const gone = realm.evaluate(
    `["eval", "WebAssembly", "SharedArrayBuffer", "ShadowRealm", "Atomics", "Deno", "process", "fetch"]
      .filter((name) => name in globalThis).join()`,
  );

  const objects = ["console", "crypto", "performance"];
  const expected = names.split(" ").map((name) =>
    `${name},${objects.includes(name) ? "object" : `function${name}`},true,false,true`
  );
  deepStrictEqual([found, gone], [expected.join(";"), ""]);
});

Deno.test("installPlatform() gives functions without a prototype of their own", () => {
  using realm = createVmRealm();

  const constructors = realm.evaluate(`[setTimeout, clearTimeout, setInterval, clearInterval, sleep,
    queueMicrotask, atob, btoa, structuredClone, performance.now, ...Object.values(crypto),
    ...Object.values(console)].filter((value) => Object.hasOwn(value, "prototype")).length`);

  strictEqual(constructors, 0);
});

Deno.test("installPlatform() leaves nothing of another realm within reach", () => {
  using realm = createVmRealm();

  const found = realm.evaluate(`${hunter}
    hunter.visit(globalThis, "globalThis");
    const instances = { url: new URL("http://a/?b=1"), params: new URL("http://a/?b=1").searchParams,
      signal: AbortSignal.abort(), encoder: new TextEncoder(), bytes: new TextEncoder().encode("é"),
      into: new TextEncoder().encodeInto("a", new Uint8Array(3)), decoder: new TextDecoder(),
      clone: structuredClone({ a: [new Date(), new Map(), /x/] }), uuid: crypto.randomUUID(),
      pause: sleep(0), iterator: new URLSearchParams("a=1")[Symbol.iterator]() };
    hunter.visit(instances, "instances");
    JSON.stringify({ found: hunter.found, count: hunter.seen.size > 1000 })`);

  strictEqual(found, '{"found":[],"count":true}');
});

Deno.test("the hunter of these tests finds an object of another realm", () => {
  using realm = createVmRealm();

  const hunt = realm.evaluate(`${hunter}
    (stranger) => { hunter.visit({ deep: [stranger] }, "it"); return hunter.found.join(); }`);

  ok(typeof hunt === "function");
  strictEqual(hunt(new RangeError("stranger")), "it.deep.0");
});

Deno.test("the platform gives only values of its realm for odd arguments", async () => {
  using realm = createVmRealm();

  const found = await realm.evaluate(`${hunter} ${oddArguments} (async () => {
    hunter.visit(globalThis, "globalThis");
    const promises = [];
    const look = (value, name) => {
      hunter.visit(value, name);
      if (value instanceof Promise) promises.push(value.then((v) => look(v, name), (e) => look(e, name)));
    };
    for (const { name, value } of [...hunter.functions]) {
      if (/sleep|setInterval|hunter|Promise/.test(name)) continue;
      for (const args of odd) {
        for (const self of [undefined, new URL("http://a/"), hostile]) {
          try { look(Reflect.apply(value, self, args), name + "()"); }
          catch (error) { look(error, name + "()!"); }
        }
        try { look(Reflect.construct(value, args), "new " + name); }
        catch (error) { look(error, "new " + name + "!"); }
      }
    }
    import("node:fs").then(look, (error) => look(error, "import"));
    await Promise.race([Promise.all(promises), sleep(50)]);
    return JSON.stringify(hunter.found);
  })()`);

  strictEqual(found, "[]");
});

Deno.test("the platform gives only values of its realm at the end of the stack", () => {
  using realm = createVmRealm();

  const found = realm.evaluate(`${hunter}
    const url = new URL("http://a/?b=1"), bytes = new Uint8Array(8), decoder = new TextDecoder();
    const calls = {
      parse: () => new URL("http://b/"), canParse: () => URL.canParse("x"), change: () => url.pathname = "x",
      query: () => url.searchParams.append("a", "é"), params: () => new URLSearchParams("a=%ff") + "",
      encode: () => new TextEncoder().encode("é"), into: () => new TextEncoder().encodeInto("é", bytes),
      decode: () => decoder.decode(bytes), fatal: () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])),
      atob: () => atob("YQ=="), badAtob: () => atob("*"), btoa: () => btoa("a"), badBtoa: () => btoa("\\u1234"),
      uuid: () => crypto.randomUUID(), random: () => crypto.getRandomValues(bytes),
      timer: () => clearTimeout(setTimeout(() => {}, 1e6)), sleep: () => sleep(0), now: () => performance.now(),
      log: () => console.log({ a: [1, new Map([[1, 2]])] }, "%s"), table: () => console.table([{ a: 1 }]),
      clone: () => structuredClone({ a: [new Date()] }),
      abort: () => AbortSignal.abort(), microtask: () => queueMicrotask(() => {}),
      deep: () => null.x,
    };
    const values = [], names = [];
    for (const name of Object.keys(calls)) {
      const call = calls[name];
      try { call(); call(); } catch {} // compiled now, it needs little of the stack
      let unwound = 0;
      const dig = () => {
        try { dig(); } catch (error) { values[values.length] = error; }
        if (unwound++ > 500) return;
        try { values[values.length] = call(); } catch (error) { values[values.length] = error; }
      };
      dig();
      while (names.length < values.length) names[names.length] = name;
    }
    let overflows = 0;
    for (let i = 0; i < values.length; i++) {
      if (values[i] instanceof RangeError) overflows++;
      if (values[i] instanceof Promise) values[i].catch(() => {});
      hunter.visit(values[i], names[i]);
    }
    JSON.stringify([hunter.found, overflows > 20])`);

  strictEqual(found, "[[],true]");
});

Deno.test("the platform hands nothing of another realm to a patched prototype", () => {
  using realm = createVmRealm();

  const found = realm.evaluate(`${hunter}
    const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
    const seen = [], { visit } = hunter;
    let patched = 0;
    const holders = [Object, Function, Array, String, Number, Symbol, Map, Set, WeakMap, Promise, RegExp, Date,
      Error, RangeError, TypeError, Uint8Array, Object.getPrototypeOf(Uint8Array), ArrayBuffer, DataView];
    const spy = (native) => function (...args) {
      seen[seen.length] = this;
      for (let i = 0; i < args.length; i++) seen[seen.length] = args[i];
      return apply(native, this, args);
    };
    const works = () => [new URL("/b?q=1", "http://a/").href, new URLSearchParams({ a: "é" }).toString(),
      new TextDecoder().decode(new TextEncoder().encode("é")), atob(btoa("x")), crypto.randomUUID().length,
      structuredClone({ a: [1, new Map([[1, 2]])] }).a[0], typeof performance.now()].join();
    const before = works();
    for (const holder of [...holders.map((h) => h.prototype), ...holders, JSON, Reflect, Math,
      Object.getPrototypeOf([][Symbol.iterator]()), Object.getPrototypeOf(new Map().entries())]) {
      for (const key of ownKeys(holder)) {
        const property = getOwnPropertyDescriptor(holder, key);
        if (typeof property.value !== "function" || !property.configurable || key === "constructor") continue;
        defineProperty(holder, key, { ...property, value: spy(property.value) });
        patched++;
      }
    }
    const after = works();
    console.log("%s", { a: [1, new Map([[1, new Error("x")]])] });
    console.table([{ a: 1 }]);
    clearTimeout(setTimeout(() => {}, 1e6));
    const count = seen.length;
    for (let i = 0; i < count; i++) visit(seen[i], "seen " + i);
    before === after && patched > 200 ? hunter.found.join() : before + " became " + after + patched`);

  strictEqual(found, "");
});

Deno.test("the platform works after every built-in was replaced by one that throws", async () => {
  using realm = createVmRealm();

  realm.evaluate(`const { ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
    const holders = [Array, String, Number, Map, Set, WeakMap, Date, RegExp, Uint8Array,
      Object.getPrototypeOf(Uint8Array), ArrayBuffer].flatMap((h) => [h, h.prototype]);
    holders.push(JSON, Math, Reflect, Object, Function.prototype, Object.getPrototypeOf([][Symbol.iterator]()));
    const map = new Map([[1, 2]]);
    const all = holders.flatMap((holder) => ownKeys(holder).map((key) => ({ holder, key,
      property: getOwnPropertyDescriptor(holder, key) })));
    for (let i = 0; i < all.length; i++) {
      const { holder, key, property } = all[i];
      if (!property.configurable || key === "constructor" || key === "prototype") continue;
      const broken = () => { throw "broken"; };
      if (typeof property.value === "function") defineProperty(holder, key, { value: broken });
      else if (property.get) defineProperty(holder, key, { get: broken });
    }
    Object.prototype.toJSON = () => "poison";
    Object.prototype.get = () => "poison";
    console.log({ a: [1, "x"], b: map }, new URL("http://a/b?c=1").searchParams.get("c"));
    console.log(new TextDecoder().decode(new TextEncoder().encode("é")), atob(btoa("x")));
    console.log(structuredClone({ a: [1n] }), crypto.randomUUID().length, AbortSignal.abort().aborted);
    setTimeout((a) => console.log("timer", a), 0, 5);`);
  while (realm.logs.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));

  deepStrictEqual(realm.logs, [
    'log: { a: [ 1, "x" ], b: Map(1) { 1 => 2 } } 1',
    "log: é x",
    "log: { a: [ 1n ] } 36 true",
    "log: timer 5",
  ]);
});

Deno.test("installPlatform() hands what a callback throws to onUncaught", async () => {
  using realm = createVmRealm();

  realm.evaluate(`setTimeout(() => { throw new TypeError("late"); }, 0);
    queueMicrotask(() => { throw "soon"; });`);
  while (realm.uncaught.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));

  strictEqual(realm.uncaught[0], "soon");
  match(realm.uncaught[1], /^TypeError: late\n {4}at script\.ts:1:26$/);
});

Deno.test("installPlatform() gives a log() that shows values as the console does", () => {
  using realm = createVmRealm();

  realm.platform.log("error", ["Unhandled:", realm.evaluate("({ a: [1] })")]);

  deepStrictEqual(realm.logs, ["error: Unhandled: { a: [ 1 ] }"]);
});

Deno.test("the context refuses code from strings after the platform is installed", () => {
  using realm = createVmRealm();

  const refused = realm.evaluate(
    `[Function, (async () => {}).constructor, (function* () {}).constructor]
    .map((make) => { try { return make("return 1"); } catch (error) { return error instanceof EvalError; } })
    .join()`,
  );

  strictEqual(refused, "true,true,true");
});
