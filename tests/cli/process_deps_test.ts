import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { startCli, tempFolder } from "./processes.ts";

Deno.test("createProcessDeps() lets a second command go through the server of the first", async () => {
  await using folder = await tempFolder();
  const server = startCli(folder.path, ["serve", "--port", "0"]);
  await server.output("Isolation:\n  process: on");

  const types = startCli(folder.path, ["types", "x.*"], "");
  const run = startCli(folder.path, ["run", "-"], "steps");
  const second = startCli(folder.path, ["serve", "--port", "0"], "");
  const [typed, ran, refused] = await Promise.all([types.ended, run.ended, second.ended]);
  await server.child.stdin.close();
  server.child.kill("SIGTERM");
  const served = await server.ended;

  // The HTTP surface writes globs as JSON, an Airlock in the process would not.
  deepStrictEqual(typed, { code: 0, output: 'declare const globs: ["x.*"];\n', errors: "" });
  deepStrictEqual(ran, { code: 0, output: "steps\n", errors: "hello\u001b[31m\n" });
  strictEqual(refused.code, 1);
  match(refused.errors, /another Airlock serves it at "http:\/\/127\.0\.0\.1:\d+"/);
  strictEqual(served.code, 0);
  match(
    served.output,
    /^Airlock 1\.2\.3 listens on http:\/\/127\.0\.0\.1:\d+\nServer shop: 2 tools\n/,
  );
  match(served.errors, /closed/);
});

Deno.test("createProcessDeps() reads the configuration file that is given", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.path}/bad.json`, '{ "limit": {} }');

  const { code, errors } = await startCli(folder.path, [
    "tools",
    "--config",
    `${folder.path}/bad.json`,
  ], "").ended;

  strictEqual(code, 2);
  match(errors, /"limits"/);
  ok(!errors.includes("    at "));
});
