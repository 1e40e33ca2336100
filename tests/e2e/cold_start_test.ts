import { deepStrictEqual, strictEqual } from "assert";
import { fileURLToPath } from "node:url";
import { startServer } from "./start_server.ts";

const shop = fileURLToPath(new URL("../../examples/shop_server.ts", import.meta.url));

Deno.test({
  name: "A run that comes right after the start waits for the servers it names, and for no others",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const late = `sleep 2; exec "${Deno.execPath()}" run -A "${shop}"`;
    const config = {
      mcpServers: {
        "late-shop": { command: "sh", args: ["-c", late] },
        silent: { command: "sleep", args: ["600"] },
      },
    };
    await using server = await startServer({ config });

    const other = await server.run("return 1");
    const named = await server.run("await late_shop.product({ id: 'p1' })");

    strictEqual(other.result, 1);
    deepStrictEqual([named.error, named.calls.map(({ status }) => status)], [undefined, ["ok"]]);
  },
});
