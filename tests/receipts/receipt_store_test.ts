import { deepStrictEqual, strictEqual } from "assert";
import {
  commitReceipts,
  deleteReceipts,
  lastReceipt,
  listReceipts,
  maxReceiptsPerCommit,
} from "../../src/receipts/receipt_store.ts";

const chain = { principal: "ci", run: "run_1" };

Deno.test("listReceipts() gives them in the order of their places", async () => {
  using kv = await Deno.openKv(":memory:");
  const receipts = Array.from({ length: 2 * maxReceiptsPerCommit }, (_, i) => `receipt ${i + 1}`);

  await commitReceipts(kv, chain, { seq: 1, receipts: receipts.slice(0, maxReceiptsPerCommit) });
  await commitReceipts(kv, chain, {
    seq: maxReceiptsPerCommit + 1,
    receipts: receipts.slice(maxReceiptsPerCommit),
  });

  deepStrictEqual(await listReceipts(kv, chain), receipts);
  strictEqual(await lastReceipt(kv, chain), receipts.at(-1));
});

Deno.test("listReceipts() shows nobody the receipts of another", async () => {
  using kv = await Deno.openKv(":memory:");
  await commitReceipts(kv, chain, { seq: 1, receipts: ["mine"] });

  deepStrictEqual(await listReceipts(kv, { ...chain, principal: "eve" }), []);
  deepStrictEqual(await listReceipts(kv, { ...chain, run: "run_" }), []);
  strictEqual(await lastReceipt(kv, { ...chain, principal: "eve" }), undefined);
});

Deno.test("commitReceipts() never writes to a place that is taken", async () => {
  using kv = await Deno.openKv(":memory:");

  const written = await Promise.all(
    ["a", "b", "c"].map((each) => commitReceipts(kv, chain, { seq: 1, receipts: [each, each] })),
  );

  strictEqual(written.filter((isWritten) => isWritten).length, 1);
  const [first, second, ...more] = await listReceipts(kv, chain);
  strictEqual(first, second);
  deepStrictEqual(more, []);
});

Deno.test("deleteReceipts() forgets one run alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const other = { ...chain, run: "run_2" };
  await commitReceipts(kv, chain, { seq: 1, receipts: ["a", "b"] });
  await commitReceipts(kv, other, { seq: 1, receipts: ["c"] });

  await deleteReceipts(kv, chain);

  deepStrictEqual([await listReceipts(kv, chain), await listReceipts(kv, other)], [[], ["c"]]);
});
