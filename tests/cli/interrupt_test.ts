import { match, strictEqual } from "assert";
import { whenAborted } from "../../src/cli/interrupt.ts";
import { startCli, tempFolder } from "./processes.ts";

Deno.test("listenForInterrupt() ends a run and its process with 130", async () => {
  await using folder = await tempFolder();
  const run = startCli(folder.path, ["run"], "hang");
  await run.errors("hanging run_1");

  run.child.kill("SIGINT");
  const { code, errors } = await run.ended;

  strictEqual(code, 130);
  match(errors, /cancelled run_1/);
  match(errors, /closed/);
});

Deno.test("whenAborted() resolves for a signal that has fired and one that fires", async () => {
  const later = new AbortController();
  const waiting = whenAborted(later.signal);

  later.abort();

  await Promise.all([waiting, whenAborted(AbortSignal.abort())]);
  strictEqual(later.signal.aborted, true);
});
