import { notStrictEqual, strictEqual } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { InstructionsCache } from "../../src/mcp_server/instructions_cache.ts";
import { fakeDeps } from "./fake_runs.ts";

Deno.test("InstructionsCache writes anew when time passes, servers change or another asks", async () => {
  let written = 0;
  let tools = 2;
  let now = 0;
  const cache = new InstructionsCache(
    fakeDeps({
      search: () => {
        written++;
        return [];
      },
      servers: () => [{ name: "shop", tools, state: "ready" }],
    }),
    () => now,
  );
  const writes = async (principal = localPrincipal) => {
    const before = written;
    await cache.for(principal);
    return written - before;
  };

  notStrictEqual(await writes(), 0);
  strictEqual(await writes(), 0);
  notStrictEqual(await writes({ name: "ci", tools: ["shop.*"] }), 0);
  tools = 3;
  notStrictEqual(await writes(), 0);
  now = 60_000;
  notStrictEqual(await writes(), 0);
});
