import { deepStrictEqual, match, strictEqual } from "assert";
import { configureLog, logger } from "../../src/log/log.ts";

Deno.test("logger() writes nothing below the level and one JSON line for each event above", () => {
  const lines: string[] = [];
  configureLog({ level: "warn", format: "json", sink: (line) => lines.push(line) });

  logger("runs").info("run finished");
  logger("runs").warn("run cut", { runId: "run_1", ms: 12 });

  strictEqual(lines.length, 1);
  const { at, ...rest } = JSON.parse(lines[0]);
  match(at, /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
  deepStrictEqual(rest, {
    level: "warn",
    room: "runs",
    message: "run cut",
    runId: "run_1",
    ms: 12,
  });
});

Deno.test("logger() takes braces in a message and in fields as they are", () => {
  const lines: string[] = [];
  configureLog({ format: "text", sink: (line) => lines.push(line) });

  logger("mcp").info("listed {*} of {name}", { name: "{secret}" });

  strictEqual(lines[0].slice(13), 'INFO  mcp: listed {*} of {name} name="{secret}"');
});

Deno.test("configureLog() called again replaces what was set up before", () => {
  const first: string[] = [];
  const second: string[] = [];
  configureLog({ format: "json", sink: (line) => first.push(line) });

  configureLog({ level: "debug", format: "json", sink: (line) => second.push(line) });
  logger("cli").debug("begun");

  deepStrictEqual([first.length, second.length], [0, 1]);
});

Deno.test("configureLog() writes to stderr only, and JSON where that is no terminal", async () => {
  const log = import.meta.resolve("../../src/log/log.ts");
  const code = `import { configureLog, logger } from ${JSON.stringify(log)};
    configureLog(); logger("cli").error("failed", { text: "ä".repeat(5_000) });`;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--config",
      new URL("../../deno.json", import.meta.url).pathname,
      "-",
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });

  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { stdout, stderr } = await child.output();

  strictEqual(stdout.length, 0);
  const event = JSON.parse(new TextDecoder().decode(stderr));
  deepStrictEqual([event.message, event.text.length], ["failed", 5_000]);
});
