import { deepStrictEqual, rejects, strictEqual } from "assert";
import { comparePins } from "../../src/catalog/pin_record.ts";
import { readAllPins, readPins, writePins } from "../../src/catalog/pin_store.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { writeLarge } from "../../src/storage/large_values.ts";

const at = "2026-01-02T03:04:05.678Z";

Deno.test("writePins() and readPins() keep any names, schemas and texts", async () => {
  using kv = await Deno.openKv(":memory:");
  const tools = ["__proto__", "toString", "\ud800", "a b"].map((name): ListedTool => ({
    name,
    title: "T",
    description: "\ud800 \u200b",
    inputSchema: JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
    outputSchema: false,
    annotations: { destructiveHint: true },
  }));
  const { record } = comparePins(undefined, tools, at);

  const version = await writePins(kv, "s", record, null);
  const all = await readAllPins(kv);

  deepStrictEqual(all.get("s"), { record, version });
  strictEqual(await readPins(kv, "other"), undefined);
});

Deno.test("writePins() refuses to replace a version it does not know", async () => {
  using kv = await Deno.openKv(":memory:");
  const { record } = comparePins(undefined, [], at);
  await writePins(kv, "s", record, null);

  strictEqual(await writePins(kv, "s", record, null), undefined);
});

Deno.test("writePins() keeps the hash alone of a definition that is too large", async () => {
  using kv = await Deno.openKv(":memory:");
  const description = "x".repeat(300 * 1024);
  const tools = [{ name: "large", description, inputSchema: true }, {
    name: "small",
    inputSchema: true,
  }];
  const { record } = comparePins(undefined, tools, at);

  await writePins(kv, "s", record, null);
  const pins = (await readPins(kv, "s"))?.record.pins;

  strictEqual(pins?.get("large")?.definition, undefined);
  strictEqual(pins?.get("large")?.hash, record.pins.get("large")?.hash);
  deepStrictEqual(pins?.get("small")?.definition, tools[1]);
});

Deno.test("writePins() keeps at most 16 MB of definitions of one server", async () => {
  using kv = await Deno.openKv(":memory:");
  const tools = Array.from({ length: 100 }, (_, i) => (
    { name: `t${i}`, description: "x".repeat(200 * 1024), inputSchema: true }
  ));

  await writePins(kv, "s", comparePins(undefined, tools, at).record, null);
  const pins = (await readPins(kv, "s"))?.record.pins.values().toArray() ?? [];

  strictEqual(pins.length, 100);
  strictEqual(pins.filter(({ definition }) => definition !== undefined).length, 81);
});

Deno.test("readPins() refuses a damaged record: to forget it would be to trust anew", async () => {
  using kv = await Deno.openKv(":memory:");
  await writeLarge(kv, ["pins", "s"], '{"pins":7}');

  await rejects(readPins(kv, "s"), { code: "unavailable" });
});
