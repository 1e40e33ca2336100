import { deepStrictEqual, rejects } from "assert";
import { OwnerTurns } from "../../src/sql/owner_turns.ts";

Deno.test("OwnerTurns lets one act of an owner wait for the one before, and none of another", async () => {
  const turns = new OwnerTurns();
  const events: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = turns.take("a", async () => {
    await gate;
    events.push("first");
    throw new Error("It failed");
  });
  const second = turns.take("a", () => Promise.resolve(events.push("second")));
  await turns.take("b", () => Promise.resolve(events.push("other")));
  open();

  await rejects(first, /It failed/);
  await second;
  deepStrictEqual(events, ["other", "first", "second"]);
});
