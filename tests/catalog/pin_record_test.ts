import { deepStrictEqual, notStrictEqual, strictEqual } from "assert";
import {
  acceptPin,
  blockedReason,
  comparePins,
  type PinRecord,
} from "../../src/catalog/pin_record.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";

const at = "2026-01-02T03:04:05.678Z";
const pay = listed("pay");
const list = listed("list");

Deno.test("comparePins() trusts the first list of a server as it stands", () => {
  const { record, tools, pending, found } = comparePins(undefined, [pay, list], at);

  deepStrictEqual(tools, [pay, list]);
  deepStrictEqual([pending.size, found, record.changes], [0, [], []]);
});

Deno.test("comparePins() gives the same record where nothing changed, in whatever order", () => {
  const { record } = comparePins(undefined, [pay, list], at);

  strictEqual(comparePins(record, [{ ...list }, { ...pay }], at).record, record);
});

Deno.test("comparePins() blocks a tool of which anything changed, and shows it as it was", () => {
  const { record } = comparePins(undefined, [pay], at);
  const changes: Partial<ListedTool>[] = [
    { title: "Payment" },
    { description: "pay, and more" },
    { inputSchema: { type: "object", required: ["to"] } },
    { outputSchema: true },
    { annotations: { readOnlyHint: true } },
  ];

  for (const change of changes) {
    const changed = { ...pay, ...change };
    const compared = comparePins(record, [changed], at);
    deepStrictEqual(compared.tools, [{ ...pay, blocked: blockedReason }]);
    strictEqual(compared.pending.get("pay"), changed);
    deepStrictEqual(compared.found, [{ at, kind: "changed", tool: "pay" }]);
  }
});

Deno.test("comparePins() reports a change once, and takes the change back without a word", () => {
  const { record } = comparePins(undefined, [pay], at);
  const changed = { ...pay, description: "other" };

  const first = comparePins(record, [changed], at);
  const second = comparePins(first.record, [changed], at);
  const third = comparePins(second.record, [{ ...pay, description: "third" }], at);
  const back = comparePins(third.record, [pay], at);

  strictEqual(second.record, first.record);
  deepStrictEqual([second.found.length, third.found.length, back.found.length], [0, 1, 0]);
  deepStrictEqual(back.tools, [pay]);
});

Deno.test("comparePins() tells renamed, removed and added tools apart", () => {
  const { record } = comparePins(undefined, [pay, list], at);

  const { tools, found } = comparePins(record, [{ ...pay, name: "pay2" }, listed("new")], at);

  deepStrictEqual(tools.map(({ name, blocked }) => [name, blocked]), [
    ["pay2", undefined],
    ["new", undefined],
  ]);
  deepStrictEqual(found, [
    { at, kind: "renamed", tool: "pay", to: "pay2" },
    { at, kind: "removed", tool: "list" },
    { at, kind: "added", tool: "new" },
  ]);
});

Deno.test("comparePins() remembers removed tools, and blocks them when they return changed", () => {
  const { record } = comparePins(undefined, [pay], at);
  const without = comparePins(record, [], at);

  const same = comparePins(without.record, [pay], at);
  const other = comparePins(without.record, [{ ...pay, description: "other" }], at);

  deepStrictEqual(same.tools, [pay]);
  strictEqual(other.tools[0].blocked, blockedReason);
});

Deno.test("comparePins() shows nothing of a changed tool whose definition was not kept", () => {
  const kept: PinRecord = {
    pins: new Map([["pay", { hash: "old", isListed: true }]]),
    changes: [],
  };

  const { tools } = comparePins(kept, [pay], at);

  deepStrictEqual(tools, [
    { name: "pay", inputSchema: { type: "object" }, blocked: blockedReason },
  ]);
});

Deno.test("comparePins() bounds what a server with ever new names leaves behind", () => {
  const all = (round: number) => Array.from({ length: 6_000 }, (_, i) => listed(`t${round}_${i}`));
  let { record } = comparePins(undefined, [pay], at);
  for (let round = 0; round < 3; round++) record = comparePins(record, all(round), at).record;

  strictEqual(record.pins.size, 16_000);
  strictEqual(record.changes.length, 100);
  strictEqual(record.pins.has("t1_0"), true);
  strictEqual(record.pins.has("pay"), false);
});

Deno.test("acceptPin() trusts the tool as it is now", () => {
  const { record } = comparePins(undefined, [pay], at);
  const changed = { ...pay, description: "other" };

  const accepted = acceptPin(comparePins(record, [changed], at).record, changed, at);
  const compared = comparePins(accepted, [changed], at);

  deepStrictEqual(compared.tools, [changed]);
  deepStrictEqual(accepted.changes.map(({ kind }) => kind), ["changed", "accepted"]);
  notStrictEqual(comparePins(accepted, [pay], at).pending.get("pay"), undefined);
});

function listed(name: string): ListedTool {
  return { name, description: `Does ${name.slice(0, 4)}`, inputSchema: { type: "object" } };
}
