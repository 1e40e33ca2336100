import { deepStrictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { listenForChanges } from "../../src/mcp_server/pass_changes.ts";

Deno.test("listenForChanges() tells of tools once the catalog has them, of all else at once", () => {
  const catalog = new Catalog();
  catalog.setServer("same", [{ name: "a", inputSchema: {} }]);
  let say: (server: string, method: string) => void = () => {};
  const upstreams = {
    onNotification(listener: typeof say) {
      say = listener;
      return () => say = () => {};
    },
  };
  const told: string[] = [];
  const listening = listenForChanges({ catalog, upstreams }, (server, method) => {
    told.push(`${server} ${method}`);
  });

  say("shop", "notifications/tools/list_changed");
  say("shop", "notifications/prompts/list_changed");
  say("shop", "notifications/message");
  catalog.setServer("shop", [{ name: "b", inputSchema: {} }]);
  listening[Symbol.dispose]();
  catalog.setServer("shop", []);

  deepStrictEqual(told, [
    "shop notifications/prompts/list_changed",
    "shop notifications/tools/list_changed",
  ]);
});
