import { deepStrictEqual, match, strictEqual } from "assert";
import { startServer } from "./start_server.ts";

Deno.test("POST /v1/runs stops code that would surely fail before its first call", async (t) => {
  await using server = await startServer();
  const before = "const top = await shop.top_products({ limit: 3 });\n";

  const refused: [name: string, code: string, line: number, column: number, hint: RegExp][] = [
    ["an unknown tool", "await shop.review({ id: 'p1' })", 2, 12, /^Did you mean shop\.reviews\(/],
    ["an unknown tool by brackets", 'await tools["shop"]["review"]()', 2, 21, /shop\.reviews\(/],
    ["a wrong argument", "await shop.reviews({ id: 5 })", 2, 22, /^shop\.reviews\(args: /],
    ["an unknown name", "return await fetch('x')", 2, 14, /no network/],
  ];
  for (const [name, code, line, column, hint] of refused) {
    await t.step(name, async () => {
      const { status, error, calls } = await server.run(before + code);

      deepStrictEqual(
        [status, error?.code, error?.line, error?.column, calls],
        ["failed", "type_error", line, column, []],
      );
      match(error?.hint ?? "", hint);
      deepStrictEqual(error?.diagnostics?.map((each) => each.message), [error?.message]);
    });
  }

  await t.step("but not where it is told not to check", async () => {
    const { error, calls } = await server.run(`${before}await shop.review()`, { check: false });

    deepStrictEqual([error?.code, calls.length], ["tool_unknown", 2]);
  });

  await t.step("nor where a failure is dealt with", async () => {
    const { result, warnings } = await server.run(
      "try { await shop.review() } catch (e) { return e.code }",
    );

    deepStrictEqual([result, warnings?.length], ["tool_unknown", 1]);
  });

  await t.step("and leaves the granting of tools to the call", async () => {
    const { error } = await server.run(before, { tools: ["shop.reviews"] });

    strictEqual(error?.code, "tool_denied");
  });

  await t.step("warns of what is merely odd", async () => {
    const { status, warnings } = await server.run("const o = {}; o.a = 1; return o");

    deepStrictEqual([status, warnings?.map(({ line, column }) => [line, column])], [
      "succeeded",
      [[1, 17]],
    ]);
  });

  await t.step("gives a syntax error its details", async () => {
    const { error } = await server.run("let a = 1;\nlet b = ;");

    deepStrictEqual([error?.code, error?.line, error?.diagnostics?.[0].line], [
      "syntax_error",
      2,
      2,
    ]);
  });

  await t.step("runs code whose types never end unchecked, and the next as ever", async () => {
    const bomb = "type S<T extends string> = T extends `${infer A}${infer B}` " +
      "? S<`${B}`> | S<`${B}${A}`> : T;\n" +
      "let s: S<'abcdefghijklmnopqrstuvwxyz'> = '1'; return 1";
    const { status, warnings } = await server.run(bomb);
    const next = await server.run("return missing");

    deepStrictEqual([status, warnings?.[0].message], [
      "succeeded",
      "The code was not type-checked: its types take too long",
    ]);
    strictEqual(next.status, "failed");
  });
});
