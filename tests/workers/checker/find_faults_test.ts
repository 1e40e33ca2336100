import { deepStrictEqual, match, strictEqual } from "assert";
import { find, places } from "./check_in_process.ts";

const refused: [name: string, code: string, place: string][] = [
  ["an unknown name", "const a = 1;\n  return b", "unknown_name 2:10"],
  ["an unknown name that is nearly another", "const total = 1; return totl", "unknown_name 1:25"],
  ["an unknown name in short form", "return { b }", "unknown_name 1:10"],
  ["an assignment to an unknown name", "b = 1", "unknown_name 1:1"],
  ["a global of Node", "require('fs')", "unknown_name 1:1"],
  ["a global of browsers", "document.title", "unknown_name 1:1"],
  ["a global of ECMAScript that the guest lacks", "eval('1')", "unknown_name 1:1"],
  ["an unknown tool", "await shop.top_product()", "unknown_tool 1:12"],
  ["no arguments where some are needed", "await shop.reviews()", "wrong_arguments 1:12"],
  ["an argument that is missing", "await shop.reviews({})", "wrong_arguments 1:20"],
  ["an argument that does not exist", "shop.reviews({ id: '', x: 1 })", "wrong_arguments 1:24"],
  ["an argument of another type", "shop.reviews({ id: 5 })", "wrong_arguments 1:16"],
  ["another value", "shop.top_products({ order: 'name' })", "wrong_arguments 1:21"],
  ["a key of memory that is none", "memory.get(5)", "wrong_arguments 1:12"],
  [
    "a promise in place of its value",
    "shop.reviews({ id: input.x() + 1 , ...{} }); shop.reviews({ id: shop.reviews({ id: '' }) })",
    "wrong_arguments 1:61",
  ],
  ["a wrong call in a function", "[1].map((id) => shop.reviews({ id }))", "wrong_arguments 1:32"],
];
for (const [name, code, place] of refused) {
  Deno.test(`findFaults() refuses ${name}`, () => {
    deepStrictEqual(places(code), [place]);
  });
}

const passed: [name: string, code: string][] = [
  ["a name that typeof asks for", "return typeof fetch === 'function' ? fetch('x') : 1"],
  ["a name in a try", "try { fetch('x') } catch { return 1 }"],
  ["a global that code makes", "globalThis.n = 1; n++"],
  ["an unknown type", "const a: Missing = 1"],
  ["a member that is added later", "const o = {}; o.a = 1"],
  [
    "a member that an answer was not said to have",
    "return (await shop.top_products()).items[0].price",
  ],
  ["another type than before", "let x = 1; x = 'a'"],
  ["the code of what was caught", "try { input() } catch (e) { return e.code }"],
  ["data from JSON", "return JSON.parse('{}').a.b.c"],
  ["whatever the caller passed", "return input.a.b(1).c"],
  ["the optional parts of a value", "let a; return a?.b?.c"],
  ["one argument too many", "await shop.reviews({ id: '' }, 1)"],
  ["a wrong call that is caught", "try { await shop.reviews() } catch (e) { return e.code }"],
  ["a wrong call with a catch of its own", "return shop.reviews().catch((e) => e.code)"],
  ["a namespace", "namespace N { export const x = 1 }\nreturn N.x"],
  ["an enum", "enum A { B = 1 }\nreturn A.B"],
  [
    "new parts of ECMAScript",
    "return [Temporal.Now, Iterator.from([1]).toArray(), new Set().union(new Set())]",
  ],
  [
    "what the guest has of the web",
    "new URL('x:y').href; structuredClone(1); crypto.randomUUID(); btoa('')",
  ],
  ["disposal", "using a = new DisposableStack(); await using b = new AsyncDisposableStack()"],
  ["skills", "return skills.anything({ a: 1 })"],
  ["code after a return", "return 1; const x = 2; f(); function f() { return x }"],
  ["an import that the host refuses", "return import('npm:x')"],
  ["a way out of the wrapper", "return 1 }\n{ missing()"],
];
for (const [name, code] of passed) {
  Deno.test(`findFaults() lets ${name} pass`, () => {
    const reasons = find(code).filter(({ kind }) => kind !== "remark" && kind !== "syntax");
    deepStrictEqual(reasons, []);
  });
}

Deno.test("findFaults() says where in the arguments a wrong one is", () => {
  const [{ message, tool }] = find("shop.top_products({ range: { from: '1' } })");

  strictEqual(tool, "shop.top_products");
  match(message, /^Wrong arguments for shop\.top_products at "range\.from": Type 'string'/);
});

Deno.test("findFaults() leaves what cannot be read to the host, and says why", () => {
  const [{ kind, line, column, message }] = find("const a = 1;\nlet b = ;");

  deepStrictEqual({ kind, line, column, message }, {
    kind: "syntax",
    line: 2,
    column: 9,
    message: "Expression expected",
  });
});

Deno.test("findFaults() bounds how much it says, and says what refuses first", () => {
  const many = "const o = {};\n" + "o.a;\n".repeat(50) + "missing;\n".repeat(50);
  const kinds = find(many).map(({ kind }) => kind);

  deepStrictEqual([kinds.length, kinds[0]], [40, "unknown_name"]);
});

Deno.test("findFaults() bounds its messages", () => {
  const [{ message }] = find(`shop.reviews({ id: 1 as unknown as { ${"a".repeat(5_000)}: 1 } })`);

  strictEqual(message.length < 600, true);
});
