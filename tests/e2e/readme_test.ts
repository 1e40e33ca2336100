import { deepStrictEqual } from "assert";
import { startServer, until } from "./start_server.ts";

Deno.test("The README's first run does what it says", async () => {
  await using server = await startServer();
  await until(async () => {
    const { items } = await fetch(`${server.url}/v1/tools`).then((r) => r.json());
    return items.length > 0;
  }, "the shop is there");
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const command = /^curl -s http:\/\/127\.0\.0\.1:8787\/v1\/runs .*?(?=^```)/ms.exec(readme)?.[0];

  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", (command ?? "").replace("http://127.0.0.1:8787", server.url)],
  }).output();

  const { status, result, logs } = JSON.parse(new TextDecoder().decode(stdout));
  deepStrictEqual([status, result.length, logs[0].text], ["succeeded", 3, "3 products read"]);
});
