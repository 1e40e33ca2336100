import { ok, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { OpenApiServers } from "../../src/openapi/openapi_servers.ts";
import { ToolSearch } from "../../src/search/tool_search.ts";
import { declareTool, signatureOf } from "../../src/typescript/declare_tools.ts";

/** GitHub's own document, of npm `@octokit/openapi`: 29 MB to download, so it is asked for. */
const document = Deno.env.get("AIRLOCK_GITHUB_OPENAPI");

Deno.test({
  name:
    "OpenApiServers makes tools of all 1,223 operations of GitHub (AIRLOCK_GITHUB_OPENAPI names the file)",
  ignore: document === undefined,
  fn: async () => {
    const catalog = new Catalog();
    using search = new ToolSearch({ catalog, signatureOf, declare: declareTool });
    const config = { name: "github", document: document ?? "", headers: {} };
    const before = Deno.memoryUsage().rss;
    const begun = performance.now();
    await using servers = new OpenApiServers([config], { catalog });
    servers.start();
    await servers.ready();
    const ms = Math.round(performance.now() - begun);
    const mb = Math.round((Deno.memoryUsage().rss - before) / 1024 ** 2);
    console.log(`GitHub's document: ${ms} ms, ${mb} MiB of resident memory`);

    const [{ state, tools, quarantined }] = servers.states();

    strictEqual(state, "ready");
    strictEqual(tools + quarantined.length, 1_223);
    strictEqual(quarantined.length, 0);
    const { signature } = search.search("github.issues_create", { limit: 1 })[0];
    ok(signature?.startsWith("github.issues_create(args: { owner: string; repo: string;"));
  },
});
