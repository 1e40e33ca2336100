import { deepStrictEqual, strictEqual } from "assert";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { CheckerProcess } from "../../src/typescript/checker_process.ts";
import { checkerProgram } from "../../src/typescript/start_checker.ts";
import { readTypeScript } from "../../src/typescript/typescript_text.ts";

const text = await readTypeScript();

Deno.test("checker answers what it is asked, in order, and knows what it was told to forget", async () => {
  const cwd = await Deno.makeTempDir();
  const command = { ...isolatedCommand(checkerProgram(cwd, 512)), cwd };
  const checker = new CheckerProcess(command, text);
  const answers = await Promise.all([
    checker.ready,
    checker.ask({ type: "declare", key: "a", declarations: "", open: [] }),
    checker.ask({ type: "check", key: "a", code: "return 1" }),
    checker.ask({ type: "check", key: "a", code: "[".repeat(10_000) }),
    checker.ask({ type: "check", key: "a", code: "return 2" }),
  ]);
  checker.tell({ type: "forget", key: "a" });
  const forgotten = await checker.ask({ type: "check", key: "a", code: "return 1" });
  await checker.exit;
  await Deno.remove(cwd, { recursive: true });

  deepStrictEqual([...answers, forgotten], [
    true,
    { type: "declared" },
    { type: "checked", findings: [] },
    { type: "unreadable" },
    { type: "checked", findings: [] },
    undefined,
  ]);
});

Deno.test("checker has no rights, and its environment holds nothing of ours", () => {
  const { args, env } = isolatedCommand(checkerProgram("", 256));

  deepStrictEqual(
    args.filter((argument) => argument.startsWith("--deny-") || argument.startsWith("--allow")),
    ["read", "write", "net", "env", "run", "ffi", "sys", "import"].map((name) => `--deny-${name}`),
  );
  deepStrictEqual(Object.keys(env).sort(), ["DENO_DIR", "NO_COLOR", "TZ"]);
});

Deno.test("checker ends when its pipe is closed", async () => {
  const program = isolatedCommand(checkerProgram("", 256));
  const child = new Deno.Command(program.command, {
    args: program.args,
    env: program.env,
    clearEnv: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await child.stdin.close();

  strictEqual((await child.status).code, 0);
});
