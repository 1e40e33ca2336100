import { deepStrictEqual, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { Tool } from "../../src/catalog/tool.ts";
import type { PolicyRule } from "../../src/config/config.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { mayCall, RunGrants } from "../../src/grants/run_grants.ts";

const catalog = new Catalog();
catalog.setServer("shop", [listed("reviews"), listed("top-products")]);
catalog.setServer("crm", [listed("find")]);
catalog.setServer("memory", [listed("get")]);
const memoryGet: Tool = {
  name: "memory.get",
  server: "memory",
  tool: "get",
  namespace: "memory",
  member: "get",
  inputSchema: true,
  hash: "builtin",
};
const options = {
  run: "run_1",
  principal: localPrincipal,
  catalog: catalog.snapshot(),
  builtins: [memoryGet],
};

Deno.test("RunGrants.find() prefers built-in tools to a server of their name", () => {
  const grants = new RunGrants(options);

  strictEqual(grants.find("memory.get"), memoryGet);
  strictEqual(grants.find("memory_.get")?.name, "memory_.get");
  strictEqual(grants.find("nothing.here"), undefined);
});

Deno.test("RunGrants.tools() is what both the key and the run cover", () => {
  const principal = { name: "ci", tools: ["shop.*", "memory.*"] };
  const names = (tools?: string[]) =>
    new RunGrants({ ...options, principal, tools }).tools().map(({ name }) => name);

  deepStrictEqual(names(), ["memory.get", "memory_.get", "shop.reviews", "shop.top_products"]);
  deepStrictEqual(names(["shop.top-*", "crm.*"]), ["shop.top_products"]);
  deepStrictEqual(names([]), []);
});

Deno.test("RunGrants.decide() reads the rules anew and knows what has answered", () => {
  let rules: PolicyRule[] = [];
  const grants = new RunGrants({ ...options, rules: () => rules });
  const [find, reviews] = ["crm.find", "shop.reviews"].map((name) => toolOf(grants, name));
  const decide = () => grants.decide(reviews, {}).effect;

  const before = decide();
  rules = [{ tool: "shop.*", from: "crm.*", effect: "deny" }];
  const unanswered = decide();
  grants.noteAnswer(find);
  const answered = decide();

  deepStrictEqual([before, unanswered, answered], ["allow", "allow", "deny"]);
});

Deno.test("mayCall() holds the key's globs against both names of a tool", () => {
  const tool = toolOf(new RunGrants(options), "shop.top_products");

  const verdicts = ["shop.top_*", "shop.top-*", "*", "shop", "crm.*"].map((glob) =>
    mayCall({ name: "ci", tools: [glob] }, tool)
  );

  deepStrictEqual(verdicts, [true, true, true, false, false]);
});

function listed(name: string) {
  return { name, inputSchema: { type: "object" } };
}

function toolOf(grants: RunGrants, name: string): Tool {
  const tool = grants.find(name);
  if (tool === undefined) throw new TypeError(`Cannot find "${name}"`);
  return tool;
}
