import { deepStrictEqual, match, strictEqual } from "assert";
import { CodeChecker } from "../../src/typescript/check_code.ts";
import type { TypeChecker } from "../../src/typescript/type_checker.ts";
import { realChecker, shopTools } from "./real_checker.ts";

const visible = shopTools();

Deno.test("CodeChecker says what is wrong and what would be right", async (t) => {
  await using process = await realChecker();
  const checker = new CodeChecker(process);
  const hints: [name: string, code: string, hint: RegExp][] = [
    ["the nearest tool", "await shop.top_product()", /^Did you mean shop\.top_products\(args\?: /],
    ["all tools where none is near", "shop.zzz()", /^Its tools are chart_png, pay, reviews, top_/],
    ["the declaration", "shop.reviews({ id: 5 })", /^shop\.reviews\(args: \{ id: string \}\)/],
    ["the nearest server", "await shp.reviews()", /^Did you mean shop\?$/],
    ["the server of a tool", "await reviews({ id: '' })", /^Did you mean shop\.reviews\?$/],
    ["the nearest global", "consol.log(1)", /^Did you mean console\?$/],
    ["what there is instead", "await fetch('x')", /no network/],
  ];
  for (const [name, code, hint] of hints) {
    await t.step(name, async () => {
      const { errors } = await checker.check(code, visible);

      strictEqual(errors.length, 1);
      match(errors[0].hint ?? "", hint);
    });
  }

  await t.step("at most ten of each", async () => {
    const { errors, warnings } = await checker.check(
      "missing();\n".repeat(30) + "const o = {};\n" + "o.a;\n".repeat(30),
      visible,
    );

    deepStrictEqual([errors.length, warnings.length], [10, 10]);
  });

  await t.step("why code cannot be read", async () => {
    deepStrictEqual(await checker.check("let a = ;", visible), {
      errors: [],
      warnings: [],
      syntax: [{ line: 1, column: 9, message: "Expression expected" }],
    });
  });

  await t.step("nothing of a server that has tools which this caller cannot see", async () => {
    const open = [{ name: "my-bank", namespace: "my_bank" }, { name: "shop", namespace: "shop" }];
    const code = "my_bank.pay(1); tools['my-bank'].pay(); tools.my_bank.pay(); shop.hidden()";

    deepStrictEqual(await checker.check(code, shopTools(open)), {
      errors: [],
      warnings: [],
      syntax: [],
    });
  });

  await t.step("hidden characters, shown", async () => {
    const { errors } = await checker.check("shop['a\u200bb\u001b']()", visible);

    strictEqual(errors[0].message, 'Server "shop" has no tool "a\\u{200b}b\\u{1b}"');
  });
});

Deno.test("CodeChecker lets code pass that was not checked, and says so", async () => {
  const checker = new CodeChecker(fakeChecker());

  deepStrictEqual(await checker.check("return 1", visible), {
    errors: [],
    warnings: [{ line: 1, column: 1, message: "The code was not type-checked: it rains" }],
    syntax: [],
  });
});

Deno.test("CodeChecker has nothing to say about empty code", async () => {
  deepStrictEqual(await new CodeChecker(fakeChecker()).check(" \n", visible), {
    errors: [],
    warnings: [],
    syntax: [],
  });
});

function fakeChecker(): TypeChecker {
  return {
    check: () => Promise.resolve({ unchecked: "it rains" }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
