import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { StdioTransport } from "../../src/mcp/stdio_transport.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import { environment } from "./fixtures/upstream_fixtures.ts";

Deno.test("StdioTransport sends and receives messages, and ends with its input", async () => {
  const transport = script("cat");
  const received = Promise.withResolvers<unknown>();
  transport.onmessage = received.resolve;
  await transport.start();

  await transport.send({ jsonrpc: "2.0", method: "hello" });

  deepStrictEqual(await received.promise, { jsonrpc: "2.0", method: "hello" });
  await transport.close();
  strictEqual(transport.exit, undefined);
});

Deno.test("StdioTransport tells how a process ended, with its last words", async () => {
  const transport = script("echo one >&2; echo two >&2; exit 4");
  const closed = Promise.withResolvers<void>();
  transport.onclose = closed.resolve;

  await transport.start();
  await closed.promise;

  strictEqual(transport.exit, "it exited with code 4: one\ntwo");
});

Deno.test("StdioTransport keeps the last 4096 characters of the standard error", async () => {
  const transport = script("yes | head -c 100000 >&2; printf end >&2");
  const closed = Promise.withResolvers<void>();
  transport.onclose = closed.resolve;

  await transport.start();
  await closed.promise;

  strictEqual(transport.stderr.length, 4096);
  ok(transport.stderr.endsWith("y\nend"));
});

Deno.test("StdioTransport passes over lines that are no messages and answers broken ones", async () => {
  const transport = script(`echo starting up; echo '{"jsonrpc":"2.0","id":4,"result":{"co'; cat`);
  const received = Promise.withResolvers<unknown>();
  const noticed = Promise.withResolvers<Error>();
  transport.onmessage = received.resolve;
  transport.onerror = noticed.resolve;

  await transport.start();

  const error = { code: -32092, message: "its answer is not valid JSON" };
  deepStrictEqual(await received.promise, { jsonrpc: "2.0", id: 4, error });
  strictEqual(
    (await noticed.promise).message,
    "Cannot read a line of the server: not a JSON-RPC message",
  );
  await transport.close();
});

Deno.test("StdioTransport says what is missing", async () => {
  const missing = new StdioTransport({ command: "no-such-program", args: [], env: environment });
  const cwd = "/no-such-folder";
  const nowhere = new StdioTransport({ command: "cat", args: [], env: environment, cwd });

  await rejects(
    missing.start(),
    new UpstreamError("missing", 'command "no-such-program" not found'),
  );
  await rejects(
    nowhere.start(),
    new UpstreamError("missing", 'working directory "/no-such-folder" not found'),
  );
});

Deno.test("StdioTransport gives a process no more than its environment", async () => {
  const env = { PATH: environment.PATH, ONLY: "this" };
  const command = { command: "sh", args: ["-c", "env >&2"], env };
  const transport = new StdioTransport(command);
  const closed = Promise.withResolvers<void>();
  transport.onclose = closed.resolve;

  await transport.start();
  await closed.promise;

  const names = transport.stderr.trim().split("\n").map((line) => line.split("=")[0]);
  deepStrictEqual(names.filter((name) => !["PWD", "SHLVL", "_"].includes(name)).sort(), [
    "ONLY",
    "PATH",
  ]);
});

Deno.test("StdioTransport ends a process that has closed its output", async () => {
  const transport = script("exec >&-; sleep 1000");
  const closed = Promise.withResolvers<void>();
  transport.onclose = closed.resolve;

  await transport.start();

  await closed.promise;
  strictEqual(transport.exit, "it was ended by SIGTERM");
});

Deno.test("StdioTransport.send() rejects as unsent when the process is gone", async () => {
  const transport = script("exit 0");
  const closed = Promise.withResolvers<void>();
  transport.onclose = closed.resolve;
  await transport.start();
  await closed.promise;

  await rejects(
    transport.send({ jsonrpc: "2.0", method: "hello" }),
    new UpstreamError("unsent", "its input is closed"),
  );
});

function script(text: string): StdioTransport {
  return new StdioTransport({ command: "sh", args: ["-c", text], env: environment }, {
    graceMs: 50,
  });
}
