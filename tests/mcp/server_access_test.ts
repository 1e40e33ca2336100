import { deepStrictEqual, strictEqual } from "assert";
import { matchesTool } from "../../src/catalog/glob.ts";
import { validateArguments } from "../../src/catalog/validate_arguments.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import { accessMethodOf, accessTool, accessTools } from "../../src/mcp/server_access.ts";

Deno.test("accessTools() are covered by globs over their server, and by none over one tool", () => {
  const covered = (glob: string) =>
    accessTools("my-shop", "my_shop").every((tool) => matchesTool(glob, tool));

  deepStrictEqual(
    [covered("my-shop.*"), covered("my_shop.*"), covered("my-shop.reviews"), covered("other.*")],
    [true, true, false, false],
  );
});

Deno.test("accessTool() says what its arguments must be", () => {
  const read = accessTool("shop", "shop", "resources/read");

  deepStrictEqual(validateArguments(read, { uri: "shop://1" }), []);
  strictEqual(validateArguments(read, {}).length, 1);
});

Deno.test("accessMethodOf() knows no method in a tool of a server, whatever its name", () => {
  const catalog = new Catalog();
  catalog.setServer("shop", [{ name: "resources/read", inputSchema: {} }]);
  const [listed] = catalog.snapshot().tools;

  strictEqual(accessMethodOf(listed), undefined);
  strictEqual(accessMethodOf(accessTool("shop", "shop", "prompts/get")), "prompts/get");
});
