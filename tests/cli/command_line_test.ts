import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { runCli } from "./fakes.ts";

Deno.test("runCommandLine() shows every command in its help", async () => {
  const { code, output } = await runCli(["--help"]);

  strictEqual(code, 0);
  const names = ["serve", "mcp", "run", "tools", "types", "auth", "approve", "accept", "verify"];
  deepStrictEqual(names.filter((name) => !output.includes(`\n  ${name} `)), []);
});

Deno.test("runCommandLine() shows the help of one command", async () => {
  const { code, output } = await runCli(["run", "--help"]);

  strictEqual(code, 0);
  match(output, /Usage: airlock run \[FILE\|-\] \[--tools GLOB\]… \[--input JSON\]/);
});

Deno.test("runCommandLine() prints its version", async () => {
  deepStrictEqual((await runCli(["--version"])).output, "1.2.3\n");
});

Deno.test("runCommandLine() answers wrong usage with one sentence and code 2", async () => {
  const cases: [string[], string][] = [
    [["sevre"], 'airlock: Cannot run "sevre": unknown command; did you mean "serve"\n'],
    [["zzz"], 'airlock: Cannot run "zzz": unknown command; see airlock --help\n'],
    [["--frobnicate"], 'airlock: Cannot run "--frobnicate": unknown option; see airlock --help\n'],
    [
      ["run", "--tool", "x"],
      'airlock: Cannot use "--tool": unknown option; did you mean "--tools"\n',
    ],
    [["run", "--tools"], 'airlock: Cannot use "--tools": its value is missing\n'],
    [["tools", "--json=1"], 'airlock: Cannot use "--json": it takes no value\n'],
    [["tools", "a", "b"], 'airlock: Cannot use "b": too many arguments\n'],
    [
      ["serve", "--port", "70000"],
      'airlock: Cannot use "--port 70000": not a whole number from 0 to 65535\n',
    ],
    [["auth"], "airlock: Cannot log in: no server was named\n"],
    [["accept"], "airlock: Cannot accept: no tool was named\n"],
    [["verify"], "airlock: Cannot verify receipts: neither a file nor a run was named\n"],
    [
      ["mcp", "--mode", "x"],
      'airlock: Cannot use "--mode x": it must be "code" or "passthrough"\n',
    ],
  ];

  for (const [args, expected] of cases) {
    const { code, errors, output } = await runCli(args);
    deepStrictEqual({ code, errors, output }, { code: 2, errors: expected, output: "" });
  }
});

Deno.test("runCommandLine() without arguments shows the help and fails", async () => {
  const { code, output } = await runCli([]);

  strictEqual(code, 2);
  match(output, /Usage: airlock COMMAND/);
});

Deno.test("runCommandLine() gives findings of a configuration and code 2", async () => {
  const issues = [{ path: "limits.calls", message: "wrong" }, { path: "keys", message: "bad" }];
  const open = () =>
    Promise.reject(new AirlockError("invalid_config", "Cannot use it: wrong", { issues }));

  const { code, errors } = await runCli(["tools"], { deps: { open } });

  strictEqual(code, 2);
  strictEqual(errors, "airlock: Cannot use it: wrong\n  limits.calls: wrong\n  keys: bad\n");
});

Deno.test("runCommandLine() shows stacks with --debug only", async () => {
  const open = () => Promise.reject(new TypeError("oops", { cause: new Error("deep") }));

  const plain = await runCli(["tools"], { deps: { open } });
  const debug = await runCli(["tools", "--debug"], { deps: { open } });

  strictEqual(plain.code, 1);
  strictEqual(plain.errors, "airlock: Cannot go on: an internal error occurred\n");
  match(debug.errors, /TypeError: oops\n\s+at .*\n[^]*Caused by: Error: deep/);
});

Deno.test("runCommandLine() ends quietly when nobody reads its output any more", async () => {
  const open = () => Promise.reject(new Deno.errors.BrokenPipe("gone"));

  const { code, errors } = await runCli(["tools"], { deps: { open } });

  deepStrictEqual({ code, errors }, { code: 0, errors: "" });
});

Deno.test("runCommandLine() passes the options about the Airlock on and closes it", async () => {
  const { opened, closed } = await runCli(
    ["tools", "--config", "a.json", "--mcp-config", "b", "--mcp-config", "c", "--data", "d"],
  );

  deepStrictEqual(opened, [{
    configFile: "a.json",
    mcpConfigFiles: ["b", "c"],
    data: "d",
    host: undefined,
    port: undefined,
  }]);
  strictEqual(closed, 1);
});

Deno.test("runCommandLine() escapes what a terminal would obey", async () => {
  const open = () => Promise.reject(new AirlockError("unavailable", "Cannot \u001b[31m: x"));

  const { errors } = await runCli(["tools"], { deps: { open }, isTerminal: true });

  ok(errors.includes("\\u001b[31m"));
  ok(!errors.includes("\u001b[31m"));
});
