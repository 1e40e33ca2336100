import { deepStrictEqual, match, strictEqual } from "assert";
import { FakeRuns, makeReport } from "../mcp_server/fake_runs.ts";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("run prints a text result as it is, and logs to standard error", async () => {
  const { code, output, errors } = await runCli(["run"], { input: "steps" });

  deepStrictEqual({ code, output, errors }, {
    code: 0,
    output: "steps\n",
    errors: "hello\u001b[31m\n",
  });
});

Deno.test("run escapes logs on a terminal", async () => {
  const { errors } = await runCli(["run", "-"], { input: "steps", isTerminal: true });

  match(errors, /hello\\u001b\[31m\n/);
});

Deno.test("run reads a file and passes its options on", async () => {
  const runs = new FakeRuns();
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "return 1");

  const { code } = await runCli(
    [
      "run",
      file,
      "--tools",
      "a.*",
      "--tools=b",
      "--input",
      '{"x":1}',
      "--timeout",
      "50",
      "--durable",
    ],
    { airlock: fakeAirlock({ runs }) },
  );
  await Deno.remove(file);

  strictEqual(code, 0);
  deepStrictEqual(runs.started, [{
    code: "return 1",
    input: { x: 1 },
    tools: ["a.*", "b"],
    limits: { timeoutMs: 50 },
    durable: true,
  }]);
});

Deno.test("run names file, line, column and error of a run that failed", async () => {
  const { code, output, errors } = await runCli(["run"], { input: "fail" });

  deepStrictEqual({ code, output, errors }, {
    code: 1,
    output: "",
    errors: "stdin:3:7: TypeError: no\n",
  });
});

Deno.test("run prints the whole report with --json and nothing else", async () => {
  const { code, output, errors } = await runCli(["run", "--json"], { input: "steps" });

  strictEqual(code, 0);
  deepStrictEqual(JSON.parse(output), makeReport({ result: "steps" }));
  strictEqual(errors, "");
});

Deno.test("run says what was emitted", async () => {
  const { errors } = await runCli(["run"], { input: "emit" });

  match(errors, /2 content blocks were emitted/);
});

Deno.test("run cancels the run when it is interrupted", async () => {
  const runs = new FakeRuns();
  const interrupt = new AbortController();
  void runs.hanging.promise.then(() => interrupt.abort("SIGINT"));

  const { code, errors } = await runCli(["run"], {
    input: "hang",
    airlock: fakeAirlock({ runs }),
    interrupt: interrupt.signal,
  });

  strictEqual(code, 130);
  strictEqual(await runs.cancelled.promise, "run_1");
  match(errors, /cancelled: Cancelled by its caller/);
});

Deno.test("run ends when it is interrupted while servers connect", async () => {
  const interrupt = new AbortController();
  const servers = {
    states: () => [],
    login: () => Promise.reject(new TypeError("not used")),
    ready: () => {
      interrupt.abort("SIGINT");
      return new Promise<void>(() => {});
    },
  };

  const { code, closed } = await runCli(["run"], {
    airlock: fakeAirlock({ servers }),
    interrupt: interrupt.signal,
  });

  deepStrictEqual({ code, closed }, { code: 130, closed: 1 });
});

Deno.test("run refuses what is no file, no JSON or nothing at all", async () => {
  const missing = await runCli(["run", "no/such/file.ts"]);
  const input = await runCli(["run", "--input", "{x}"]);
  const nothing = await runCli(["run"], { isTerminal: true });

  strictEqual(missing.errors, 'airlock: Cannot read "no/such/file.ts": there is no such file\n');
  strictEqual(input.errors, 'airlock: Cannot use "--input": not JSON\n');
  match(nothing.errors, /neither a file nor piped input/);
  deepStrictEqual([missing.code, input.code, nothing.code], [2, 2, 2]);
});
