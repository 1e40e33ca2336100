import { deepStrictEqual } from "assert";
import type { ToolListing } from "../../src/mcp/list_tools.ts";
import { ToolWatch } from "../../src/mcp/tool_watch.ts";

const empty: ToolListing = { tools: [], quarantined: [] };

Deno.test("ToolWatch.note() reads changes that come meanwhile in one go afterwards", async () => {
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  let published = 0;
  const watch = new ToolWatch({
    read: async () => {
      if (++reads === 1) await gate.promise;
      return empty;
    },
    publish: () => published++,
    onFailure: (error) => {
      throw error;
    },
  });

  watch.note();
  watch.note();
  watch.note();
  gate.resolve();
  while (published < 2) await watch.idle();

  deepStrictEqual([reads, published], [2, 2]);
});

Deno.test("ToolWatch.note() keeps what it has where it cannot be read", async () => {
  const failures: unknown[] = [];
  const watch = new ToolWatch({
    read: () => Promise.reject(new Error("gone")),
    publish: () => {},
    onFailure: (error) => failures.push(error),
  });
  const listing = { ...empty, quarantined: [{ tool: "a", reason: "b" }] };
  watch.take(listing);

  watch.note();
  await watch.idle();

  deepStrictEqual([watch.listing, failures], [listing, [new Error("gone")]]);
});
