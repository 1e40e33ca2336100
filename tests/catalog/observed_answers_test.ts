import { deepStrictEqual, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { ObservedAnswers } from "../../src/catalog/observed_answers.ts";
import type { Tool } from "../../src/catalog/tool.ts";

const tool: Tool = {
  name: "s.t",
  server: "s",
  tool: "t",
  namespace: "s",
  member: "t",
  hash: "h",
  inputSchema: true,
};

Deno.test("ObservedAnswers learns over calls and restarts", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    await using first = await ObservedAnswers.open(kv);
    first.observe(tool, { id: "a" });
    first.observe(tool, { id: "b", n: 1 });
  }

  await using second = await ObservedAnswers.open(kv);

  deepStrictEqual(second.schemaOf("s", "h"), {
    type: "object",
    properties: { id: { type: "string" }, n: { type: "number" } },
    required: ["id"],
  });
  strictEqual(second.schemaOf("s", "other"), undefined);
  strictEqual(second.schemaOf("other", "h"), undefined);
});

Deno.test("ObservedAnswers tells of a change, and writes it, only where there is one", async () => {
  using kv = await Deno.openKv(":memory:");
  await using observed = await ObservedAnswers.open(kv);
  const told: string[] = [];
  observed.onChange((server, hash) => told.push(`${server} ${hash}`));
  const version = async () => (await kv.get(["answer_shape", "s", "h"])).versionstamp;

  observed.observe(tool, [1]);
  strictEqual(told.length, 0);
  await observed.flush();
  const written = await version();
  observed.observe(tool, [2, 3]);
  await observed.flush();

  deepStrictEqual(told, ["s h"]);
  strictEqual(await version(), written);
});

Deno.test("ObservedAnswers leaves tools alone whose servers promise an answer", async () => {
  using kv = await Deno.openKv(":memory:");
  await using observed = await ObservedAnswers.open(kv);

  observed.observe({ ...tool, outputSchema: true }, [1]);
  await observed.flush();

  strictEqual(observed.schemaOf("s", "h"), undefined);
});

Deno.test("ObservedAnswers stores no value of any answer", async () => {
  using kv = await Deno.openKv(":memory:");
  await using observed = await ObservedAnswers.open(kv);

  observed.observe(tool, { status: "open", owner: "ann@a.example", by: { "ann@a.example": 4711 } });
  await observed.flush();
  const stored = JSON.stringify((await kv.get(["answer_shape", "s", "h"])).value);

  deepStrictEqual(["status", "open", "ann", "4711"].filter((word) => stored.includes(word)), [
    "status",
  ]);
});

Deno.test("ObservedAnswers passes over what an older version wrote", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["answer_shape", "s", "h"], { version: 0 });

  await using observed = await ObservedAnswers.open(kv);

  strictEqual(observed.schemaOf("s", "h"), undefined);
});

Deno.test("ObservedAnswers gives the catalog what a tool answers, in new snapshots only", async () => {
  using kv = await Deno.openKv(":memory:");
  await using observed = await ObservedAnswers.open(kv);
  const catalog = new Catalog({ observed: (server, hash) => observed.schemaOf(server, hash) });
  observed.onChange((server, hash) => catalog.refreshObserved(server, hash));
  catalog.setServer("s", [{ name: "a", inputSchema: true }, { name: "b", inputSchema: true }]);
  const before = catalog.snapshot();

  observed.observe(before.tools[0], 1);
  await observed.flush();
  const after = catalog.snapshot();
  catalog.setServer("s", [{ name: "a", inputSchema: true }, { name: "b", inputSchema: true }]);

  deepStrictEqual(before.tools.map((tool) => tool.observed), [undefined, undefined]);
  deepStrictEqual(after.tools.map((tool) => tool.observed), [{ type: "number" }, undefined]);
  strictEqual(after.tools[1], before.tools[1]);
  strictEqual(catalog.snapshot(), after);
});
