import { deepStrictEqual, rejects, strictEqual } from "assert";
import { makeGrant, signCall, type ToolArguments } from "../../src/grants/signed_call.ts";
import { createMemory, type Memory } from "../../src/memory/memory.ts";
import { memoryTools } from "../../src/memory/memory_tools.ts";

const now = () => Date.UTC(2026, 10, 22);
const at = "2026-11-22T00:00:00.000Z";

Deno.test("createMemory() answers each tool with plain JSON", async () => {
  using kv = await Deno.openKv(":memory:");
  const memory = createMemory(kv, { now });

  const answers = [
    await invoke(memory, "get", { key: "a" }),
    await invoke(memory, "set", { key: "a", value: { n: 1 } }),
    await invoke(memory, "get", { key: "a" }),
    await invoke(memory, "list", {}),
    await invoke(memory, "search", { query: "a n" }),
    await invoke(memory, "delete", { key: "a" }),
    await invoke(memory, "delete", { key: "a" }),
  ];

  deepStrictEqual(answers, [
    null,
    null,
    { n: 1 },
    [{ key: "a", at }],
    [{ key: "a", value: { n: 1 }, at }],
    true,
    false,
  ]);
});

Deno.test("createMemory() gives each principal its own memory", async () => {
  using kv = await Deno.openKv(":memory:");
  const memory = createMemory(kv);
  await invoke(memory, "set", { key: "a", value: 1 }, "ci");

  strictEqual(await invoke(memory, "get", { key: "a" }, "eve"), null);
  deepStrictEqual(await invoke(memory, "search", { query: "a" }, "eve"), []);
});

Deno.test("createMemory() keeps what was set over a restart", async () => {
  const folder = await Deno.makeTempDir();
  try {
    {
      using kv = await Deno.openKv(`${folder}/kv.db`);
      await invoke(createMemory(kv), "set", { key: "a", value: "x".repeat(200_000) });
    }
    using kv = await Deno.openKv(`${folder}/kv.db`);

    strictEqual(await invoke(createMemory(kv), "get", { key: "a" }), "x".repeat(200_000));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createMemory() refuses arguments that do not fit, with the place", async () => {
  using kv = await Deno.openKv(":memory:");
  const memory = createMemory(kv);
  const cases: [member: string, args: ToolArguments, path: string][] = [
    ["get", {}, "key"],
    ["get", { key: "\ud800" }, "key"],
    ["set", { key: "a" }, "value"],
    ["list", { limit: -1 }, "limit"],
    ["get", { key: "a", more: 1 }, ""],
  ];

  for (const [member, args, path] of cases) {
    await rejects(
      invoke(memory, member, args),
      (error: Error & { code?: string; issues?: { path: string }[] }) =>
        error.code === "invalid_arguments" && error.issues?.[0].path === path,
    );
  }
});

Deno.test("createMemory() does nothing for a call that was cancelled", async () => {
  using kv = await Deno.openKv(":memory:");
  const memory = createMemory(kv);

  await rejects(
    invoke(memory, "set", { key: "a", value: 1 }, "ci", AbortSignal.abort(new Error("stop"))),
    /stop/,
  );

  strictEqual(await invoke(memory, "get", { key: "a" }), null);
});

function invoke(
  memory: Memory,
  member: string,
  args: ToolArguments,
  name = "ci",
  signal = new AbortController().signal,
) {
  const tool = memoryTools.find((each) => each.member === member);
  if (tool === undefined) throw new TypeError(`Cannot find "${member}"`);
  const principal = { name, tools: ["*"] };
  const grant = makeGrant({ id: "grt_1", run: "run_1", principal, tool, simulated: false });
  return memory.invoke(signCall({ seq: 1, tool: tool.name, args }, grant), { signal });
}
