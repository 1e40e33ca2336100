import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { decodeJwt } from "jose";
import { hashText } from "../../src/hashing/hash_json.ts";
import { ReceiptChain } from "../../src/receipts/receipt_chain.ts";
import { listReceipts } from "../../src/receipts/receipt_store.ts";
import { openSigningKey } from "../../src/receipts/signing_key.ts";
import { verifyReceipts } from "../../src/receipts/verify_receipts.ts";
import { entryOf, testJwk } from "./fixtures.ts";

const id = { principal: "ci", run: "run_1" };

Deno.test("ReceiptChain.append() signs the claims of API.md and links them", async () => {
  await using kit = await openKit();

  const first = await kit.chain.append(entryOf(1));
  const second = await kit.chain.append(
    entryOf(2, { tool: "nix.nix", schema: undefined, grant: undefined, outcome: "denied" }),
  );

  const { iss, run, seq, sub, prev, ...entry } = decodeJwt(first);
  deepStrictEqual({ iss, run, seq, sub, prev }, {
    iss: kit.key.kid,
    run: "run_1",
    seq: 1,
    sub: "ci",
    prev: undefined,
  });
  deepStrictEqual(entry, { ...entryOf(1) });
  const denied = decodeJwt(second);
  strictEqual(denied.prev, hashText(first));
  strictEqual("schema" in denied || "grant" in denied, false);
});

Deno.test("ReceiptChain.append() resolves only once the receipt is in KV", async () => {
  await using kit = await openKit();

  for (let call = 1; call <= 3; call++) {
    const receipt = await kit.chain.append(entryOf(call));
    strictEqual((await listReceipts(kit.kv, id)).at(-1), receipt);
  }
});

Deno.test("ReceiptChain.append() gives places in the order of the calls to it", async () => {
  await using kit = await openKit();
  const calls = Array.from({ length: 300 }, (_, i) => i + 1);

  const receipts = await Promise.all(calls.map((call) => kit.chain.append(entryOf(call))));

  deepStrictEqual(receipts.map((receipt) => decodeJwt(receipt).call), calls);
  deepStrictEqual(await listReceipts(kit.kv, id), receipts);
  deepStrictEqual(await verifyReceipts(receipts, kit.key.jwks()), { valid: true, count: 300 });
});

Deno.test("ReceiptChain.append() writes what queues up in few commits", async () => {
  await using kit = await openKit();
  let commits = 0;
  const counting = new Proxy(kit.kv, {
    get(kv, name) {
      if (name === "atomic") commits++;
      const member: unknown = Reflect.get(kv, name, kv);
      return typeof member === "function" ? member.bind(kv) : member;
    },
  });
  const chain = new ReceiptChain({ kv: counting, key: kit.key }, id);

  await Promise.all(Array.from({ length: 129 }, (_, i) => chain.append(entryOf(i + 1))));

  strictEqual(commits, 3);
});

Deno.test("ReceiptChain goes on where the chain of an interrupted run ends", async () => {
  await using kit = await openKit();
  await kit.chain.append(entryOf(1));
  await kit.chain.append(entryOf(2));

  const resumed = new ReceiptChain({ kv: kit.kv, key: kit.key }, id);
  await Promise.all([resumed.append(entryOf(3)), resumed.append(entryOf(4))]);

  const receipts = await listReceipts(kit.kv, id);
  deepStrictEqual(await verifyReceipts(receipts, kit.key.jwks()), { valid: true, count: 4 });
});

Deno.test("ReceiptChain refuses a place that another took, then goes on behind it", async () => {
  await using kit = await openKit();
  await kit.chain.append(entryOf(1));
  const other = new ReceiptChain({ kv: kit.kv, key: kit.key }, id);
  await other.append(entryOf(2));

  await rejects(kit.chain.append(entryOf(3)), {
    code: "internal",
    message: "Cannot record call 3: its receipt could not be written",
  });
  await kit.chain.append(entryOf(4));

  const receipts = await listReceipts(kit.kv, id);
  deepStrictEqual(receipts.map((receipt) => decodeJwt(receipt).call), [1, 2, 4]);
  ok((await verifyReceipts(receipts, kit.key.jwks())).valid);
});

Deno.test("ReceiptChain.append() rejects, with every receipt that waits, where KV fails", async () => {
  const kit = await openKit();
  await kit.chain.append(entryOf(1));
  kit.kv.close();

  const results = await Promise.allSettled([2, 3].map((call) => kit.chain.append(entryOf(call))));

  deepStrictEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
});

Deno.test("ReceiptChain.append() shortens a name that was asked for", async () => {
  await using kit = await openKit();

  const receipt = await kit.chain.append(entryOf(1, { tool: "x".repeat(5_000) }));

  ok((await verifyReceipts([receipt], kit.key.jwks())).valid);
});

Deno.test("ReceiptChain keeps its chain whole over a server that is killed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const program = new URL("./append_forever.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--unstable-kv", program, `${folder}/kv.db`],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const acknowledged = await readUntil(child.stdout, 40);
    child.kill("SIGKILL");
    await child.status;

    using kv = await Deno.openKv(`${folder}/kv.db`);
    const key = await openSigningKey(kv, { jwk: testJwk });
    await new ReceiptChain({ kv, key }, id).append(entryOf(1));
    const receipts = await listReceipts(kv, id);

    deepStrictEqual(await verifyReceipts(receipts, key.jwks()), {
      valid: true,
      count: receipts.length,
    });
    deepStrictEqual(receipts.slice(0, acknowledged.length), acknowledged);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function openKit() {
  const kv = await Deno.openKv(":memory:");
  const key = await openSigningKey(kv, { jwk: testJwk });
  const chain = new ReceiptChain({ kv, key }, id);
  return { kv, key, chain, [Symbol.asyncDispose]: () => Promise.resolve(kv.close()) };
}

/** The first complete lines of a stream; then leaves it. */
async function readUntil(stream: ReadableStream<Uint8Array>, lines: number): Promise<string[]> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.split("\n").length > lines) break;
  }
  return text.split("\n").slice(0, -1);
}
