import { deepStrictEqual, strictEqual } from "assert";
import { endGroup, startGroup } from "../../src/mcp/process_group.ts";
import { environment, isRunning } from "./fixtures/upstream_fixtures.ts";

Deno.test("endGroup() lets a process leave by itself when its input ends", async () => {
  const child = start("cat");

  await child.stdin.close();
  await endGroup(child, 5000);

  deepStrictEqual(await outcome(child), { code: 0, signal: null });
});

Deno.test("endGroup() ends a process that ignores SIGTERM, and its descendants", async () => {
  const child = start("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1000; done");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const descendant = Number(new TextDecoder().decode(value));

  await child.stdin.close();
  await endGroup(child, 30);

  strictEqual((await outcome(child, reader)).signal, "SIGKILL");
  strictEqual(isRunning(descendant), false);
});

Deno.test("endGroup() ends descendants that outlive their program", async () => {
  const child = start("sleep 1000 >/dev/null 2>&1 & echo $!");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const descendant = Number(new TextDecoder().decode(value));

  await child.stdin.close();
  await endGroup(child, 30);
  await outcome(child, reader);

  strictEqual(isRunning(descendant), false);
});

function start(script: string): Deno.ChildProcess {
  return startGroup({ command: "sh", args: ["-c", script], env: environment });
}

async function outcome(
  child: Deno.ChildProcess,
  reader: ReadableStreamDefaultReader<Uint8Array> = child.stdout.getReader(),
): Promise<{ code: number; signal: string | null }> {
  await Promise.all([reader.cancel(), child.stderr.cancel()]);
  const { code, signal } = await child.status;
  return { code, signal };
}
