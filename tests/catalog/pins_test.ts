import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { Pins } from "../../src/catalog/pins.ts";
import type { ListedTool, Tool } from "../../src/catalog/tool.ts";

const pay: ListedTool = { name: "pay", description: "Pays.", inputSchema: { type: "object" } };
const changed = { ...pay, description: "Pays\u200b twice." };

Deno.test("Pins keeps a changed tool blocked over a restart until it is accepted", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    await using first = await open(kv);
    first.pins.setServer("bank", [pay]);
  }

  await using second = await open(kv);
  second.pins.setServer("bank", [changed]);
  const blocked = second.tool();
  const change = second.pins.pendingChange(blocked);
  await second.pins.accept(blocked, change?.hash ?? "");
  await using third = await open(kv);
  third.pins.setServer("bank", [changed]);

  strictEqual(blocked.description, "Pays.");
  match(blocked.blocked ?? "", /changed it/);
  deepStrictEqual([change?.before, change?.after.description], [pay, "Pays\\u{200b} twice."]);
  strictEqual(second.pins.blockedReason(blocked), undefined);
  strictEqual(second.tool().blocked, undefined);
  strictEqual(third.tool().hash, change?.hash);
  strictEqual(third.tool().blocked, undefined);
});

Deno.test("Pins.accept() refuses any hash but that of the change that is pending now", async () => {
  using kv = await Deno.openKv(":memory:");
  await using bank = await open(kv);
  bank.pins.setServer("bank", [pay]);
  const { hash } = bank.tool();
  await rejects(bank.pins.accept(bank.tool(), hash), { code: "conflict" });

  bank.pins.setServer("bank", [changed]);
  const seen = bank.pins.pendingChange(bank.tool())?.hash ?? "";
  bank.pins.setServer("bank", [{ ...changed, description: "worse" }]);

  await rejects(bank.pins.accept(bank.tool(), hash), { code: "conflict" });
  await rejects(bank.pins.accept(bank.tool(), seen), { code: "conflict" });
  match(bank.tool().blocked ?? "", /changed it/);
});

Deno.test("Pins keeps servers apart: the configured key is the namespace", async () => {
  using kv = await Deno.openKv(":memory:");
  await using bank = await open(kv);
  bank.pins.setServer("bank", [pay]);
  bank.pins.setServer("other", [changed]);

  deepStrictEqual(bank.catalog.snapshot().tools.map(({ blocked }) => blocked), [
    undefined,
    undefined,
  ]);
});

Deno.test("Pins.changes() tells what happened, with nothing hidden in names", async () => {
  using kv = await Deno.openKv(":memory:");
  await using bank = await open(kv);
  bank.pins.setServer("bank", [pay]);
  bank.pins.setServer("bank", [pay, { ...changed, name: "x\u200b" }]);

  deepStrictEqual(bank.pins.changes("bank"), [
    { at: "2026-01-02T03:04:05.678Z", kind: "added", tool: "x\\u{200b}" },
  ]);
  deepStrictEqual(bank.pins.changes("unknown"), []);
});

Deno.test("Pins takes up what another instance on the same database stored first", async () => {
  using kv = await Deno.openKv(":memory:");
  await using first = await open(kv);
  await using second = await open(kv);
  first.pins.setServer("bank", [pay]);
  await first.pins[Symbol.asyncDispose]();

  second.pins.setServer("bank", [changed]);
  await second.pins[Symbol.asyncDispose]();

  match(second.tool().blocked ?? "", /changed it/);
});

async function open(kv: Deno.Kv) {
  const catalog = new Catalog();
  const now = () => Date.parse("2026-01-02T03:04:05.678Z");
  const pins = await Pins.open(kv, catalog, { now });
  const tool = (): Tool => {
    const found = catalog.snapshot().find("bank.pay");
    if (found === undefined) throw new TypeError("The tool is not there");
    return found;
  };
  return { catalog, pins, tool, [Symbol.asyncDispose]: () => pins[Symbol.asyncDispose]() };
}
