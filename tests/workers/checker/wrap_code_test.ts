import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { prepareCode } from "../../../workers/prepare_code.ts";
import { SyntaxFault } from "../../../workers/strip_types.ts";
import { find, places } from "./check_in_process.ts";

const forms: [name: string, code: string, place: string][] = [
  ["a body", "const a: number = 40;\nreturn await missing(a)", "2:14"],
  ["an arrow function", "async () => { return missing }", "1:22"],
  ["an arrow function that is an expression", "() => missing", "1:7"],
  ["an arrow function in parentheses", "(async (): Promise<number> => missing);\n", "1:31"],
  ["an anonymous function", "async function () {\n  return missing;\n}", "2:10"],
  ["an anonymous function with a semicolon", "function () { return missing };", "1:22"],
  ["a main", "async function main() {\n  return missing;\n}", "2:10"],
  ["a default function", "export default async function () { return missing }", "1:43"],
  ["a default function with a name", "export default function run() { return missing }\n", "1:40"],
  ["a default arrow function", "const x = 42;\nexport default async () => missing", "2:28"],
  ["a default name", "export default missing;", "1:16"],
  ["a fence", "```ts\nreturn missing\n```", "2:8"],
  ["a fence around a function", "\n~~~\nasync () => missing\n~~~\n", "3:13"],
  ["an enum", "enum A { B = 42 }\nreturn missing", "2:8"],
  ["a comment at the end", "return missing // done", "1:8"],
  ["windows line ends", "const a = 42;\r\nreturn missing;\r\n", "2:8"],
  ["a line separator", "const a = '\u2028';\nreturn missing", "3:8"],
];
for (const [name, code, place] of forms) {
  Deno.test(`wrapCode() keeps the places of ${name}`, () => {
    deepStrictEqual(places(code), [`unknown_name ${place}`]);
  });
}

Deno.test("wrapCode() gives no reason to refuse what the host can read and run", () => {
  const statement = fc.constantFrom(
    "const NAME: number = 1;",
    "let NAME = []; NAME.push(1, 'a');",
    "const NAME = <T,>(x: T): T => x; NAME<number>(42);",
    "class NAME<T> { #x?: T; static y = 1; constructor(public z = 2) {} get x() { return this.#x } }",
    "enum NAME { B = 42, C = 'x' }",
    "function NAME(this: unknown, a, ...rest) { return arguments.length + rest.length }",
    "for await (const NAME of [Promise.resolve(1)]) { if (NAME) continue }",
    "label: for (const NAME in { a: 1 }) { break label }",
    "const { a: NAME = 1, ...NAME2 } = input ?? {};",
    "try { null.x } catch (NAME) { NAME.code }",
    "const NAME = await Promise.all([sleep(0), shop.top_products({ limit: 3 })]);",
    "const NAME = (await shop.reviews({ id: 'a' }))?.items?.[0]?.name ?? 'none';",
    "const NAME = Object.groupBy([1, 2], (n) => n % 2 ? 'odd' : 'even');",
    "type NAME = { a: string } & Record<string, any>; interface NAME2 extends Array<NAME> {}",
    "abstract class NAME { declare x: number; private y = 1; abstract z(): void }",
    "const NAME = /(?<year>\\d{4})/v.exec('2026')?.groups?.year as unknown as number;",
    "function* NAME() { const x = yield 1; return x }",
    "async function* NAME() { yield* [1, 2] }",
    "const NAME = { get a() { return 1 }, ['b' + 1]: 2, async *c() {} } as const satisfies object;",
    "if (1 as any) { function NAME() {} NAME() }",
    "switch (input) { case 1: { const NAME = 1; break } default: }",
    "const NAME = new Map([[1, 'a']]); NAME.get(1)!.length;",
    "namespace NAME { export const x = 1 }",
    "var NAME; NAME = 1; NAME = 'a'; NAME.foo;",
    "const NAME = (x?: number | null, y = x! + 1) => `${x}${y}`; NAME(null);",
    "emit({ type: 'text', text: 'x' }); progress(1); console.table([1]);",
  );
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
      const code = statements.map((text, i) =>
        text.replaceAll("NAME2", `other${i}`).replaceAll("NAME", `name${i}`)
      ).join("\n");
      prepareCode(code);
      deepStrictEqual(find(code).filter(({ kind }) => kind !== "remark"), [], code);
    }),
    { numRuns: 60 },
  );
});

Deno.test("wrapCode() never makes more of broken code than the host does", () => {
  const pieces = fc.constantFrom(
    ..."{}()[];:,.=`'/\n".split(""),
    "async ",
    "function ",
    "export default ",
    "=> ",
    "main",
    "```",
    "enum A ",
    " as x",
    "return ",
    "await ",
    "\u2028",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const code = parts.join("");
      const kinds = find(code).map(({ kind }) => kind);
      strictEqual(kinds.includes("unknown_tool") || kinds.includes("wrong_arguments"), false);
      try {
        prepareCode(code);
      } catch (error) {
        strictEqual(error instanceof SyntaxFault, true);
      }
    }),
    { numRuns: 150 },
  );
});
