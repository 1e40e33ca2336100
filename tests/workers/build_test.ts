import { strictEqual } from "assert";
import { buildChecker, buildHost, buildSql } from "../../workers/build.ts";

Deno.test({
  name: "workers/dist/host.js is what the sources give: `deno task build` makes it",
  // The bundler is a process of its own, which it ends with a moment's delay.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const built = await Deno.readTextFile(new URL("../../workers/dist/host.js", import.meta.url));

    strictEqual(built === await buildHost(), true, "run `deno task build`");
  },
});

Deno.test({
  name: "workers/dist/checker.js is what the sources give: `deno task build` makes it",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const url = new URL("../../workers/dist/checker.js", import.meta.url);
    const built = await Deno.readTextFile(url);

    strictEqual(built === await buildChecker(), true, "run `deno task build`");
  },
});

Deno.test({
  name: "workers/dist/sql.js is what the sources give: `deno task build` makes it",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const built = await Deno.readTextFile(new URL("../../workers/dist/sql.js", import.meta.url));

    strictEqual(built === await buildSql(), true, "run `deno task build`");
  },
});
