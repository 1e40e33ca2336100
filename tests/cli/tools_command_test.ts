import { deepStrictEqual, match, strictEqual } from "assert";
import { runCli } from "./fakes.ts";

Deno.test("tools prints signatures with summaries", async () => {
  const { code, output } = await runCli(["tools", "top"]);

  strictEqual(code, 0);
  strictEqual(
    output,
    "shop.top_products(args: {}): Promise<unknown>\n    Gives the top_products.\n",
  );
});

Deno.test("tools prints names, and JSON", async () => {
  const names = await runCli(["tools", "--detail", "names"]);
  const json = await runCli(["tools", "--detail=names", "--json"]);

  strictEqual(
    names.output,
    "shop.reviews  Gives the reviews.\nshop.top_products  Gives the top_products.\n",
  );
  deepStrictEqual(JSON.parse(json.output).map(({ name }: { name: string }) => name), [
    "shop.reviews",
    "shop.top_products",
  ]);
});

Deno.test("tools says so where nothing is found, and refuses an unknown detail", async () => {
  const nothing = await runCli(["tools", "xyz"]);
  const detail = await runCli(["tools", "--detail", "all"]);

  deepStrictEqual([nothing.code, nothing.output], [0, ""]);
  match(nothing.errors, /No tool was found/);
  strictEqual(detail.code, 2);
  match(detail.errors, /not one of names, signatures, full/);
});

Deno.test("types prints the declarations of what the globs match", async () => {
  const some = await runCli(["types", "shop.*", "mail.*"]);
  const all = await runCli(["types"]);

  strictEqual(some.output, 'declare const globs: "shop.* mail.*";\n');
  strictEqual(all.output, 'declare const globs: "*";\n');
});
