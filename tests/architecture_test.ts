import { deepStrictEqual } from "assert";
import { dirname, join, normalize } from "node:path";

/** Rooms from left to right. Rooms in one group are neighbours, and do not import each other. */
const rooms: readonly (readonly string[])[] = [
  ["protocol", "errors", "hashing"],
  ["config", "log", "storage"],
  ["catalog"],
  ["search", "policy", "privacy"],
  ["grants"],
  ["servers"],
  ["receipts", "memory", "mcp", "openapi", "typescript", "model", "sql", "skills", "schedules"],
  ["bridge"],
  ["sandbox"],
  ["runs"],
  ["durable", "prompts"],
  ["agent"],
  ["http", "mcp_server"],
  ["airlock.ts"],
  ["cli"],
];

const sources = (await Array.fromAsync(walk("src"))).concat(
  await Array.fromAsync(walk("workers")),
  "main.ts",
).sort();
const imports = await Promise.all(sources.map(async (file) => ({
  file,
  // Without doc comments: their examples import what they show.
  text: (await Deno.readTextFile(file)).replace(/\/\*\*[\s\S]*?\*\//g, ""),
})));

Deno.test("every room of src/ has its place in the line", async () => {
  const found = (await Array.fromAsync(Deno.readDir("src"))).map(({ name }) => name).sort();

  deepStrictEqual(found, rooms.flat().toSorted());
});

Deno.test("imports in src/ point to the left, never back, never to a neighbour", () => {
  const wrong = edges().filter(({ from, to }) =>
    from.startsWith("src/") && to.startsWith("src/") && roomOf(from) !== roomOf(to) &&
    placeOf(to) >= placeOf(from)
  );

  deepStrictEqual(wrong, []);
});

Deno.test("src/ imports nothing of workers/, examples/ or tests/", () => {
  const wrong = edges().filter(({ from, to }) =>
    from.startsWith("src/") && /^(workers|examples|tests|bench)\//.test(to)
  );

  deepStrictEqual(wrong, []);
});

Deno.test("workers/ imports protocol/ and nothing else of src/", () => {
  const wrong = edges().filter(({ from, to }) =>
    from.startsWith("workers/") && to.startsWith("src/") && !to.startsWith("src/protocol/")
  );

  deepStrictEqual(wrong, []);
});

Deno.test("protocol/ imports nothing from outside itself", () => {
  const wrong = edges().filter(({ from, to }) =>
    from.startsWith("src/protocol/") && !to.startsWith("src/protocol/")
  );

  deepStrictEqual(wrong, []);
});

Deno.test("there are no circles of imports", () => {
  const graph = Map.groupBy(edges(), ({ from }) => from);
  const open = new Set<string>();
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string) => {
    if (done.has(file)) return;
    if (open.has(file)) return void circles.push(file);
    open.add(file);
    for (const { to } of graph.get(file) ?? []) visit(to);
    open.delete(file);
    done.add(file);
  };
  sources.forEach(visit);

  deepStrictEqual(circles, []);
});

Deno.test("only config/ reads the environment", () => {
  deepStrictEqual(
    filesWith(/\bDeno\.env\b|\bprocess\.env\b/).filter((f) => roomOf(f) !== "config"),
    [],
  );
});

Deno.test("only storage/, at the request of airlock.ts, opens the database", () => {
  deepStrictEqual(filesWith(/\bDeno\.openKv\(/), ["src/storage/open_kv.ts"]);
  deepStrictEqual(filesWith(/\bopenKv\(\{/), ["src/airlock.ts"]);
});

Deno.test("only authorize() makes grants, and only dispatch signs calls", () => {
  deepStrictEqual(filesWith(/\bmakeGrant\(/), [
    "src/grants/authorize.ts",
    "src/grants/signed_call.ts",
  ]);
  deepStrictEqual(filesWith(/\bsignCall\(/), [
    "src/bridge/dispatch.ts",
    "src/grants/signed_call.ts",
  ]);
});

Deno.test("nobody names a file for what it is not about", () => {
  deepStrictEqual(
    sources.filter((f) => /(utils?|helpers?|common|shared|misc|index)\.ts$/.test(f)),
    [],
  );
});

function edges(): { from: string; to: string }[] {
  return imports.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
      .map(([, target]) => ({ from: file, to: normalize(join(dirname(file), target)) }))
      .filter(({ to }) => sources.includes(to))
  );
}

function filesWith(pattern: RegExp): string[] {
  return imports.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

function roomOf(file: string): string {
  return file.split("/")[1] ?? file;
}

function placeOf(file: string): number {
  return rooms.findIndex((group) => group.includes(roomOf(file)));
}

async function* walk(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* walk(path);
    else if (path.endsWith(".ts")) yield path;
  }
}
