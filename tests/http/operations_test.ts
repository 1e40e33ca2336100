import { deepStrictEqual } from "assert";
import { defaultLimits } from "../../src/config/defaults.ts";
import { openPaths } from "../../src/http/authenticate.ts";
import { createApp } from "../../src/http/create_app.ts";
import { operationsOf } from "../../src/http/operations.ts";
import { fakeDeps } from "./fake_deps.ts";

const operations = operationsOf(defaultLimits);

Deno.test("operationsOf() names every registered route, and no other", () => {
  const routes = createApp(fakeDeps()).routes.filter(({ path }) => !path.includes("*"));

  const registered = new Set(routes.map(({ method, path }) => `${method} ${path}`));

  deepStrictEqual(Object.keys(operations).sort(), [...registered].sort());
});

Deno.test("operationsOf() calls those open that need no key", () => {
  const open = Object.entries(operations).filter(([, { isOpen }]) => isOpen);

  deepStrictEqual(open.map(([route]) => route.replace("GET ", "")).sort(), [...openPaths].sort());
});
