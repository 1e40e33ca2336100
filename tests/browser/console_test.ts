import { deepStrictEqual, match, strictEqual } from "assert";
import { type Browser, chromium } from "playwright-core";
import { startServer, until } from "../e2e/start_server.ts";

/** Where Debian's package puts it, and others may. */
const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = candidates.find(isThere);
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
if (executablePath === undefined) console.log("console: skipped, there is no Chromium here");

Deno.test({
  name:
    "The console runs code, shows servers and tools, and passes decisions on, in a real browser",
  ignore: executablePath === undefined,
  // The browser is a process of the library's, with timers of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = await startServer({
      config: {
        policy: [{ tool: "memory.set", effect: "ask" }],
      },
    });
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const troubles: string[] = [];
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") troubles.push(message.text());
      });
      await page.goto(server.url);

      await page.fill("#code", "console.log('<b>hello</b>'); return [1, 2].map((n) => n * 21)");
      await page.click("#run");
      await page.locator("#output", { hasText: "42" }).waitFor();
      const output = await page.locator("#output").innerText();
      await page.fill("#code", "await memory.set('k', 1); return 'kept'");
      await page.click("#run");
      await page.locator("#approval-list button", { hasText: /approve/i }).first().click();
      await page.locator("#output", { hasText: "kept" }).waitFor();
      await until(
        async () => (await page.locator("#runs tr").count()) >= 2,
        "both runs are listed",
      );

      match(output, /<b>hello<\/b>/);
      strictEqual(await page.locator("#output b").count(), 0);
      deepStrictEqual(troubles, []);
    } finally {
      await browser.close();
    }
  },
});

Deno.test({
  name: "A page of another origin can neither read from the server nor run code",
  ignore: executablePath === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = await startServer({ config: {} });
    await using stranger = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("<title>stranger</title>", { headers: { "content-type": "text/html" } }),
    );
    const browser = await launch();
    try {
      const page = await browser.newPage();
      // Another name for the same machine is another site to the browser.
      await page.goto(`http://stranger.localhost:${stranger.addr.port}/`);
      const tried = await page.evaluate(async (url) => {
        const attempt = (path: string, init?: RequestInit) =>
          fetch(url + path, init).then((r) => `${r.status}`, () => "refused");
        return await Promise.all([
          attempt("/v1/runs"),
          attempt("/v1/runs", { method: "POST", body: '{"code":"return 1"}' }),
          attempt("/v1/runs", { method: "POST", mode: "no-cors", body: '{"code":"return 1"}' }),
        ]);
      }, server.url);

      const { items } = await fetch(`${server.url}/v1/runs`).then((r) => r.json());
      deepStrictEqual(tried.slice(0, 2), ["refused", "refused"]);
      deepStrictEqual(items, []);
    } finally {
      await browser.close();
    }
  },
});

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: quiet });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
