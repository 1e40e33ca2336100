import { ok, strictEqual } from "assert";
import { program, until } from "./start_server.ts";

const library = new URL("../../src/airlock.ts", import.meta.url).href;
const config = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("deno serve answers with what main.ts exports", async () => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--config", config, "--host", "127.0.0.1", "--port", "0", program],
    cwd: folder,
    env: { AIRLOCK_DATA: `${folder}/data`, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text;
  })();
  try {
    const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    await until(() => address() !== undefined, "it listens");
    const post = () =>
      fetch(`${address()}/v1/runs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: "return 6 * 7" }),
      });

    const report = await (await post()).json();

    strictEqual(report.result, 42);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await reading;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createAirlock() is the same thing without a port", async () => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const script = `import { createAirlock } from ${JSON.stringify(library)};
    await using airlock = await createAirlock({ kv: ":memory:", mcpServers: {} });
    const { result } = await airlock.run("return (await memory.set('a', [1]), memory.get('a'))");
    const response = await airlock.fetch(new Request("http://localhost/healthz"));
    console.log(JSON.stringify([result, response.status, airlock.tools.search().length]));`;
  try {
    await Deno.writeTextFile(`${folder}/app.ts`, script);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", config, `${folder}/app.ts`],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();

    strictEqual(new TextDecoder().decode(stdout).trim(), "[[1],200,0]", decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno compile embeds the host, the example and the console", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  try {
    // Deno itself in place of the runtime that is downloaded: good for the list, not to be run.
    const { code, listing } = await compile(folder, { DENORT_BIN: Deno.execPath() });

    strictEqual(code, 0, listing);
    for (const part of ["workers/dist", "examples", "console"]) {
      ok(listing.includes(part), `${part} is embedded`);
    }
    await t.step({
      name: "and the binary runs code in a host that is itself",
      fn: () => runBinary(folder),
      ignore: !await hasRuntime(folder),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Whether the runtime part of binaries can be had; where not, the reason is printed. */
async function hasRuntime(folder: string): Promise<boolean> {
  await Deno.writeTextFile(`${folder}/one.ts`, "console.log(Deno.build.standalone)");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--no-config", "--output", `${folder}/one`, `${folder}/one.ts`],
    env: { NO_COLOR: "1" },
  }).output();
  if (code === 0) return true;
  const reason = /error: .*/.exec(decode(stderr))?.[0];
  console.log(`compile: the binary is not run, its runtime part cannot be had (${reason})`);
  return false;
}

async function runBinary(folder: string): Promise<void> {
  await compile(folder, {});
  await Deno.writeTextFile(
    `${folder}/code.ts`,
    "return (await shop.product({ id: 'p1' })).product.id",
  );
  const { stdout, stderr } = await new Deno.Command(`${folder}/airlock`, {
    args: ["run", `${folder}/code.ts`, "--data", `${folder}/data`],
    cwd: folder,
    stdin: "null",
  }).output();

  strictEqual(decode(stdout).trim(), "p1", decode(stderr));
}

async function compile(folder: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "-A", "--no-check", "--output", `${folder}/airlock`, program],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  return { code, listing: decode(stdout) + decode(stderr) };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
