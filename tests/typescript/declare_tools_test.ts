import { match, ok, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { ListedTool, Tool } from "../../src/catalog/tool.ts";
import { declareApi, declareTool, signatureOf } from "../../src/typescript/declare_tools.ts";
import { guestLib } from "../../src/typescript/guest_lib.ts";
import { catalogueTest, readCatalogue } from "../catalog/catalogue.ts";
import { checkTypes } from "./check_types.ts";

const review = { properties: { stars: { type: "integer" }, text: { type: "string" } } };
const reviews: ListedTool = {
  name: "get-reviews",
  description: "Reads the reviews of a product.\n\nNewest first.",
  inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  outputSchema: { $defs: { review }, type: "array", items: { $ref: "#/$defs/review" } },
  annotations: { readOnlyHint: true },
};
const listing: ListedTool = { name: "list", inputSchema: { type: "object" } };

Deno.test("signatureOf() puts a tool into one line", () => {
  const [list, get] = toolsOf({ "my shop": [reviews, listing] }).toReversed();
  strictEqual(
    signatureOf(get),
    "my_shop.get_reviews(args: { id: string }): Promise<Review[]>",
  );
  strictEqual(signatureOf(list), "my_shop.list(args?: { [key: string]: unknown }): Promise<any>");
});

Deno.test("signatureOf() shortens long types", () => {
  const names = Array.from({ length: 300 }, (_, i) => [`property${i}`, { type: "string" }]);
  const inputSchema = { type: "object", properties: Object.fromEntries(names) };
  const [tool] = toolsOf({ s: [{ name: "t", inputSchema }] });
  const signature = signatureOf(tool);
  ok(signature.length < 300);
  match(signature, /; \/\* \d+ more \*\/ }\): Promise<any>$/);
});

Deno.test("declareTool() shows doc comments, both names and the types it needs", () => {
  const [tool] = toolsOf({ "my shop": [reviews] });
  strictEqual(
    declareTool(tool),
    `declare namespace my_shop {
  /**
   * Reads the reviews of a product.
   *
   * Newest first.
   *
   * Original name: "get-reviews" of server "my shop".
   *
   * Its server says: read-only.
   */
  function get_reviews(args: { id: string }): Promise<get_reviews.Review[]>;
  namespace get_reviews {
    type Review = { stars?: number; text?: string };
  }
}
`,
  );
});

Deno.test("declareTool() is short by default and whole on request", () => {
  const description = "long ".repeat(60);
  const names = Array.from({ length: 400 }, (_, i) => [`p${i}`, { type: "string", description }]);
  const inputSchema = { type: "object", properties: Object.fromEntries(names) };
  const [tool] = toolsOf({ s: [{ name: "t", inputSchema }] });
  ok(declareTool(tool).length < 10_000);
  match(declareTool(tool), /\/\* \d+ more \*\//);
  match(declareTool(tool, { maxChars: Infinity }), /p399\?: string/);
});

Deno.test("declareApi() gives code every name of a tool, checked", async () => {
  const tools = toolsOf({ "my shop": [reviews, listing], search: [listing], memory: [listing] });
  const good = `/// <reference path="./types.d.ts" />
const [first] = await my_shop.get_reviews({ id: input.id });
const stars: number | undefined = first.stars;
const same = await tools["my shop"]["get-reviews"]({ id: "1" });
const again = await tools["my_shop"]["get_reviews"]({ id: "1" });
const free: string = (await my_shop.list()).anything.at.all;
await search.list({ a: 1 });
await tools.search.list();
const hits = await tools.search("reviews", { detail: "names", limit: 3 });
await tools.call(hits[0].name, { id: 1 });
console.log(stars, same[0].text, again, free, await tools.describe("my_shop.list"));
await memory.set("k", await memory.get("k"));
await memory_.list();
await sleep(1);
progress(1, 2, "half");
emit({ type: "text", text: "hi" });
await skills.greet({ name: "x" });
try { await tools.resource("file:///x"); } catch (error) {
  if (error instanceof ToolError) console.log(error.tool, error.code, error.message);
}
export {};
`;
  const bad = `/// <reference path="./types.d.ts" />
await my_shop.get_reviews({ id: 1 });
await my_shop.nothing();
await my_shop.get_reviews();
export {};
`;
  const types = declareApi(tools);
  strictEqual(await checkTypes({ "types.d.ts": types, "good.ts": good }), "");
  match(await checkTypes({ "types.d.ts": types, "bad.ts": bad }), /Found 3 errors/);
});

Deno.test("declareApi() makes nothing of hostile names and descriptions but names and comments", async () => {
  const name = "x */ } declare const pwned: 1; /* `${y}` \u2028 \u202e</script>";
  const properties = {
    [name]: { type: "string", description: name, default: name, pattern: name },
  };
  const tool = {
    name,
    title: name,
    description: `${name}\n*/\n${name}`,
    inputSchema: { properties },
  };
  const words =
    "then constructor __proto__ delete type any string namespace module require exports";
  const tools = toolsOf({
    [name]: [tool, { ...tool, name: "b" }],
    ...Object.fromEntries(words.split(" ").map((word) => [word, [{ ...listing, name: word }]])),
    all: words.split(" ").map((word) => ({ ...reviews, name: word })),
  });
  const types = declareApi(tools);
  strictEqual(types.includes("\u2028") || types.includes("\u202e") || types.includes("</"), false);
  const source = `${types}\nconst pwned = 2;\nconsole.log(pwned);`;
  strictEqual(await checkTypes({ "types.ts": source }), "");
});

Deno.test("declareApi() and guestLib stand by themselves under the libraries of ECMAScript", async () => {
  const code = `console.log(new URL("https://a.b/c?d=e").searchParams.get("d"), atob(btoa("x")));
const signal = AbortSignal.any([new AbortController().signal]);
setTimeout(() => signal.throwIfAborted(), performance.now());
const bytes = crypto.getRandomValues(new Uint8Array(8));
console.table(new TextDecoder().decode(new TextEncoder().encode(crypto.randomUUID())), bytes);
for (const [key, value] of new URLSearchParams({ a: "b" })) structuredClone({ key, value });
`;
  const source = `${guestLib}\n${declareApi(toolsOf({ shop: [reviews] }))}\n${code}`;
  strictEqual(await checkTypes({ "types.ts": source }, { lib: ["es2024"] }), "");
});

Deno.test(catalogueTest("declareApi() compiles for every server of the catalogue"), async () => {
  const { tools, servers } = (await readCatalogue()).snapshot();
  ok(servers.length >= 57);
  const types = declareApi(tools);
  strictEqual(await checkTypes({ "types.ts": types }), "");
  match(await checkTypes({ "types.ts": `${types}\nconst x: string = github.nothing;` }), /nothing/);
});

Deno.test("signatureOf() and declareTool() show and mark an answer that was only observed", () => {
  const [tool] = toolsOf({ s: [listing] });
  const observed = {
    type: "object",
    properties: { id: { type: "string" }, "a*/b": { type: ["null", "number"] } },
    required: ["id"],
  };

  strictEqual(
    signatureOf({ ...tool, observed }),
    's.list(args?: { [key: string]: unknown }): Promise<{ id: string; "a*/b"?: null | number } /* observed */>',
  );
  strictEqual(
    declareTool({ ...tool, observed }),
    `declare namespace s {
  /** Answer observed in earlier calls, not promised by the server. */
  function list(args?: { [key: string]: unknown }): Promise<{ id: string; "a*/b"?: null | number }>;
}
`,
  );
});

Deno.test("declareTool() prefers what the server promises to what was observed", () => {
  const [tool] = toolsOf({ "my shop": [reviews] });

  strictEqual(declareTool({ ...tool, observed: { type: "string" } }), declareTool(tool));
});

Deno.test("declareTool() says that a tool cannot be called for now", () => {
  const [tool] = toolsOf({ s: [{ ...listing, blocked: "its server changed it" }] });

  match(declareTool(tool), /Cannot be called for now: its server changed it\./);
});

Deno.test("declareApi() tells an observed answer in the comment, and refuses no code over it", async () => {
  const [tool] = toolsOf({ s: [listing] });
  const observed = {
    type: "object",
    properties: { id: { type: "string" }, "a*/`": { type: "number" } },
  };
  const types = declareApi([{ ...tool, observed }]);

  match(types, /not promised by the server: \{ id\?: string; "a\*\\\/'"\?: number \}\./);
  const code = "const n: number = (await s.list()).id.other; console.log(n); export {};";
  strictEqual(
    await checkTypes({
      "types.d.ts": types,
      "code.ts": `/// <reference path="./types.d.ts" />\n${code}`,
    }),
    "",
  );
});

function toolsOf(servers: Record<string, readonly ListedTool[]>): readonly Tool[] {
  const catalog = new Catalog();
  for (const [server, tools] of Object.entries(servers)) catalog.setServer(server, tools);
  return catalog.snapshot().tools;
}
