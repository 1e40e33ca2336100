import { deepStrictEqual, strictEqual } from "assert";
import type { Declarations } from "../../src/typescript/type_checker.ts";
import { ProcessTypeChecker } from "../../src/typescript/type_checker.ts";
import { CheckerProcess } from "../../src/typescript/checker_process.ts";
import { readTypeScript } from "../../src/typescript/typescript_text.ts";
import { checkerProgram } from "../../src/typescript/start_checker.ts";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { checkCold, realChecker } from "./real_checker.ts";

const declarations: Declarations = { key: "none", text: () => "", open: [] };

/** Short types that keep TypeScript busy for a long time, or fill its memory. */
const bombs: [name: string, code: string][] = [
  [
    "text that is taken apart",
    "type S<T extends string> = T extends `${infer A}${infer B}` ? S<`${B}`> | S<`${B}${A}`> : T;\nlet s: S<'abcdefghijklmnopqrstuvwxyz'> = '1';",
  ],
  [
    "all permutations",
    "type P<T, K = T> = [T] extends [never] ? [] : K extends K ? [K, ...P<Exclude<T, K>>] : never;\nlet p: P<1|2|3|4|5|6|7|8|9|10> = 1;",
  ],
  ["many long names", "const a = 1;\n".repeat(80_000)],
];
for (const [name, code] of bombs) {
  Deno.test(`ProcessTypeChecker gives up on ${name}, remembers that, and goes on`, async () => {
    await using checker = await realChecker(1_000);
    await checkCold(checker, declarations);

    const first = await checker.check(code, declarations);
    await checkCold(checker, declarations);
    const next = await checker.check("return missing", declarations);

    deepStrictEqual(first, { unchecked: "its types take too long" });
    strictEqual(await checker.check(code, declarations), first);
    strictEqual("findings" in next && next.findings[0].kind, "unknown_name");
  });
}

Deno.test("ProcessTypeChecker says so where its process runs out of memory", async () => {
  await using checker = await realChecker(60_000, 100);
  await checkCold(checker, declarations);
  const code = "const a = [" + "{ a: [1, 'b', { c: 1 }] },".repeat(150_000) + "];";

  deepStrictEqual(await checker.check(code, declarations), {
    unchecked: "its types take too much memory",
  });
});

Deno.test("ProcessTypeChecker keeps the declarations it used last", async () => {
  await using checker = await realChecker();
  await checkCold(checker, declarations);
  const texts: string[] = [];
  const numbered = (n: number): Declarations => ({
    key: `${n}`,
    text: () => {
      texts.push(`${n}`);
      return `declare const name${n}: 1;`;
    },
    open: [],
  });

  for (const n of [1, 2, 3, 1, 4, 5, 1, 2]) {
    const code = `return name${n} + ${texts.length} + Math.max(${n})`;
    deepStrictEqual(await checker.check(`${code} //${Math.random()}`, numbered(n)), {
      findings: [],
    });
  }
  deepStrictEqual(texts, ["1", "2", "3", "4", "5", "2"]);
});

Deno.test("ProcessTypeChecker takes many checks at once", async () => {
  await using checker = await realChecker();
  await checkCold(checker, declarations);
  const codes = Array.from({ length: 20 }, (_, i) => `return missing${i}`);
  const checked = await Promise.all(codes.map((code) => checker.check(code, declarations)));

  deepStrictEqual(
    checked.map((each) => "findings" in each && each.findings[0].name),
    codes.map((code) => code.slice(7)),
  );
});

Deno.test("ProcessTypeChecker gives way to a run that is cancelled", async () => {
  await using checker = await realChecker();
  const signal = AbortSignal.abort();

  deepStrictEqual(await checker.check("return 1", declarations, signal), {
    unchecked: "the run was cancelled",
  });
});

Deno.test("ProcessTypeChecker says so where its process cannot be started", async () => {
  let tries = 0;
  await using checker = new ProcessTypeChecker({
    start: () => {
      tries++;
      throw new Error("No processes here");
    },
  });

  deepStrictEqual(await checker.check("return 1", declarations), {
    unchecked: "the checker cannot be started",
  });
  strictEqual(tries, 3);
});

Deno.test("ProcessTypeChecker ends a process that is still starting", async () => {
  const cwd = await Deno.makeTempDir();
  const text = await readTypeScript();
  const command = { ...isolatedCommand(checkerProgram(cwd, 512)), cwd };
  const process = new CheckerProcess(command, text);
  const checker = new ProcessTypeChecker({ start: () => process });

  await checker[Symbol.asyncDispose]();
  await process.exit;
  await Deno.remove(cwd, { recursive: true });

  strictEqual(await process.ready, false);
});
