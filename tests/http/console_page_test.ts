import { deepStrictEqual, doesNotMatch, strictEqual } from "assert";
import { createHash } from "node:crypto";
import { consolePage } from "../../src/http/console_page.ts";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps, keyedConfig } from "./fake_deps.ts";

Deno.test("consoleRoutes() serves the page without a key, as HTML", async () => {
  const response = await createApp(fakeDeps({ config: keyedConfig() })).request("/");

  strictEqual(response.status, 200);
  strictEqual(response.headers.get("content-type")?.startsWith("text/html"), true);
  strictEqual(await response.text(), consolePage);
});

Deno.test("consoleRoutes() allows exactly the script and style of the page", async () => {
  const response = await createApp(fakeDeps()).request("/");
  const policy = response.headers.get("content-security-policy") ?? "";

  const script = hashOf(consolePage.split('<script type="module">')[1].split("</script>")[0]);
  const style = hashOf(consolePage.split("<style>")[1].split("</style>")[0]);

  strictEqual(policy.includes(`script-src '${script}';`), true);
  strictEqual(policy.includes(`style-src '${style}';`), true);
  doesNotMatch(policy, /unsafe|\*|http/);
});

Deno.test("consolePage loads nothing, and never sets data as markup", () => {
  doesNotMatch(consolePage, /https?:|\bsrc=|\bhref=|url\(|@import|\bimport\b/);
  doesNotMatch(consolePage, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
  doesNotMatch(consolePage, /\son\w+=|\sstyle="|localStorage|document\.cookie/);
  strictEqual(consolePage.match(/<script/g)?.length, 1);
});

Deno.test("consolePage has each element that its script asks for", () => {
  const ids = new Set([...consolePage.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id));
  const asked = [...consolePage.matchAll(/\b(?:at|render)\("([\w-]+)"/g)].map(([, id]) => id);

  deepStrictEqual(asked.filter((id) => !ids.has(id)), []);
  strictEqual(asked.length > 20, true);
});

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}
