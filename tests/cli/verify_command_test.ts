import { deepStrictEqual, match, strictEqual } from "assert";
import { verifyReceipts } from "../../src/receipts/verify_receipts.ts";
import { FakeRuns } from "../mcp_server/fake_runs.ts";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("verify checks the receipts of a run with the folder's own keys", async () => {
  const seen: unknown[] = [];
  const runs = Object.assign(new FakeRuns(), { receipts: () => Promise.resolve(["a", "b"]) });

  const { code, output } = await runCli(["verify", "run_1"], {
    airlock: fakeAirlock({ runs }),
    deps: {
      verifyReceipts: (...args) => {
        seen.push(...args);
        return Promise.resolve({ valid: true, count: 2 });
      },
    },
  });

  deepStrictEqual([code, output], [0, "Valid: 2 receipts\n"]);
  deepStrictEqual(seen, [["a", "b"], { keys: ["own"] }]);
});

Deno.test("verify needs no data folder for a file and given keys", async () => {
  await using folder = await tempFiles({
    "receipts.json": '{"items":[]}',
    "jwks.json": '{"keys":[]}',
  });

  const { code, opened } = await runCli(
    ["verify", `${folder.path}/receipts.json`, "--jwks", `${folder.path}/jwks.json`],
  );

  deepStrictEqual([code, opened], [0, []]);
});

Deno.test("verify names the first receipt that does not fit", async () => {
  const { code, errors } = await runCli(["verify", "run_1"], {
    deps: {
      verifyReceipts: () => Promise.resolve({ valid: false, index: 1, seq: 2, reason: "cut" }),
    },
  });

  deepStrictEqual([code, errors], [1, "Not valid: receipt 2 (seq 2): cut\n"]);
});

Deno.test("verify takes keys from a URL", async () => {
  const seen: unknown[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ keys: ["remote"] }),
  );

  const { code } = await runCli(
    ["verify", "run_1", "--jwks", `http://127.0.0.1:${server.addr.port}/jwks.json`],
    {
      deps: {
        verifyReceipts: (_items, jwks) => {
          seen.push(jwks);
          return Promise.resolve({ valid: true, count: 0 });
        },
      },
    },
  );
  await server.shutdown();

  deepStrictEqual([code, seen], [0, [{ keys: ["remote"] }]]);
});

Deno.test("verify refuses what is no list of receipts, and what are no keys", async () => {
  await using folder = await tempFiles({ "no.json": "{", "jwks.json": "[]" });

  const broken = await runCli(["verify", `${folder.path}/no.json`]);
  const keys = await runCli(["verify", "run_1", "--jwks", `${folder.path}/jwks.json`]);
  const none = await runCli(["verify", "run_1"], { deps: { verifyReceipts } });

  deepStrictEqual([broken.code, keys.code], [2, 2]);
  match(broken.errors, /not JSON/);
  match(keys.errors, /not a JSON Web Key Set/);
  strictEqual(none.code, 2);
});

async function tempFiles(
  files: Record<string, string>,
): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
