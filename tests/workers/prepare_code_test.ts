import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { prepareCode } from "../../workers/prepare_code.ts";
import { SyntaxFault } from "../../workers/strip_types.ts";

/** Runs prepared code here: what is tested is how it reads, not what keeps it in. */
async function run(code: string, input?: unknown): Promise<unknown> {
  const make = new Function("input", `return ${prepareCode(code).script}`);
  return await make(input)();
}

const forms: [name: string, code: string][] = [
  ["a body", "const a: number = 40;\nreturn await Promise.resolve(a + 2)"],
  ["an arrow function", "async () => { return 42 }"],
  ["an arrow function with a body that is an expression", "() => 42"],
  ["an arrow function in parentheses, with a semicolon", "(async (): Promise<number> => 42);\n"],
  ["an anonymous function", "async function () {\n  return 42;\n}"],
  ["an anonymous function with a semicolon", "function () { return 42 };"],
  ["a main that is never called", "async function main() {\n  return 42;\n}"],
  ["a main that is a constant", "const main = async () => 42;"],
  ["a default function", "export default async function () { return 42 }"],
  ["a default function with a name", "export default function run(): number { return 42 }\n"],
  ["a default arrow function", "const x = 42;\nexport default async () => x"],
  ["a default name", "function f() { return 42 }\nexport default f;"],
  ["a fence", "```ts\nreturn 42 as number\n```"],
  ["a fence with blank lines around it", "\n\n```typescript\nreturn 42\n```\n\n"],
  ["a fence of tildes around a function", "~~~\nasync () => 42\n~~~"],
  ["an enum", "enum A { B = 42 }\nreturn A.B"],
  ["a namespace", "namespace N { export const x = 42 }\nreturn N.x"],
  ["generics and satisfies", "const id = <T,>(x: T) => x; return id<number>(42) satisfies number"],
  ["a comment at the end", "return 42 // done"],
  ["windows line ends", "const a = 42;\r\nreturn a;\r\n"],
  ["parameter properties", "class P { constructor(public x: number) {} }\nreturn new P(42).x"],
];
for (const [name, code] of forms) {
  Deno.test(`prepareCode() takes ${name}`, async () => {
    strictEqual(await run(code), 42);
  });
}

const bodies: [name: string, code: string][] = [
  ["nothing", ""],
  ["blank lines", "  \n\n"],
  ["a main that is called", "let n = 0;\nfunction main() { n++ }\nmain();\nif (n !== 1) return n"],
  ["another function", "function other() { return 42 }"],
  ["a function that is called", "(() => 42)()"],
  ["a comment with a fence in it", "/*\n```\n*/"],
];
for (const [name, code] of bodies) {
  Deno.test(`prepareCode() runs ${name} as it stands`, async () => {
    strictEqual(await run(code), undefined);
  });
}

Deno.test("prepareCode() hands input to the function it calls", async () => {
  strictEqual(await run("({ n }) => n * 2", { n: 21 }), 42);
});

Deno.test("prepareCode() runs code in strict mode, with neither this nor arguments", async () => {
  strictEqual(await run("return [typeof this, arguments.length].join()"), "undefined,0");
});

const refused: [name: string, code: string, line: number, column: number, message: RegExp][] = [
  ["an import", "const a = 1;\nimport x from 'npm:x';", 2, 1, /import is not available/],
  ["an export", "export const a = 1", 1, 1, /export is not available/],
  ["a default value", "export default 5", 1, 1, /export is not available/],
  ["a default class", "export default class {}", 1, 1, /export is not available/],
  ["half a statement", "const x = 1;\nlet y = ;", 2, 9, /Expression expected/],
  ["an error after a fence", "```ts\nlet y = ;\n```", 2, 9, /Expression expected/],
  ["an error beside an enum", "enum A { B }\nlet y = ;", 2, 9, /Expression expected/],
  ["a brace too many", "return 1 }\n{", 1, 10, /./],
  ["a way out of the wrapper", "}); (async () => {", 1, 1, /Expression expected/],
  ["an error in a lone function", "async function () {\n  let = ;\n}", 1, 16, /./],
  ["a name declared twice", "let a = 1;\nlet a = 2;", 2, 5, /already been declared/],
];
for (const [name, code, line, column, message] of refused) {
  Deno.test(`prepareCode() refuses ${name} and says where`, () => {
    throws(() => prepareCode(code), (error) => {
      strictEqual(error instanceof SyntaxFault, true);
      if (!(error instanceof SyntaxFault)) return false;
      deepStrictEqual(error.place, { line, column });
      return message.test(error.message);
    });
  });
}

const thrown: [name: string, code: string, line: number, column: number][] = [
  ["the first line", "throw new Error('x')", 1, 7],
  ["the first line after code", "const a = 1; throw new Error('x')", 1, 20],
  ["a later line", "const a: number = 1;\n\n  throw new Error('x')", 3, 9],
  ["a fence", "```ts\n throw new Error('x')\n```", 2, 8],
  ["an arrow function", "async () => { throw new Error('x') }", 1, 21],
  ["an anonymous function", "async function () { throw new Error('x') }", 1, 27],
  ["a default function", "export default async function () { throw new Error('x') }", 1, 42],
  ["code beside an enum", "enum A { B }\nthrow new Error(`${A.B}`)", 2, 7],
];
for (const [name, code, line, column] of thrown) {
  Deno.test(`prepareCode() leads a failure in ${name} back to its place`, async () => {
    const { script, origin } = prepareCode(code);
    const wrapperLines = 2; // `new Function` puts two lines before its body.
    const error = await new Function("input", `return ${script}`)()().catch((e: Error) => e);

    const [, scriptLine, scriptColumn] = /<anonymous>:(\d+):(\d+)\)?$/m.exec(error.stack) ?? [];
    const place = {
      line: Number(scriptLine) - wrapperLines,
      column: Number(scriptColumn) - (Number(scriptLine) === wrapperLines + 1 ? 7 : 0),
    };
    deepStrictEqual(origin(place), { line, column });
  });
}

Deno.test("prepareCode() throws nothing but SyntaxFaults, whatever the text", () => {
  const pieces = fc.constantFrom(
    ..."{}()[];:,.=`\"'/\\*\n".split(""),
    "async ",
    "function ",
    "export default ",
    "import ",
    "=> ",
    "main",
    "```",
    "enum A ",
    "<T>",
    " as x",
    "return ",
    "await ",
    "\u2028",
    "\ud800",
    "#!",
    "<!--",
    "-->",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      try {
        prepareCode(parts.join(""));
      } catch (error) {
        strictEqual(error instanceof SyntaxFault, true, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
