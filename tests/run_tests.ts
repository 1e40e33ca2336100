/**
 * `deno task test`: builds what is built, runs all tests, and closes with the
 * plain line `N passed, N failed`, from the runner's own counts. Arguments are
 * handed on to `deno test`. @module
 */

const decoder = new TextDecoder();

/** Runs Deno with inherited streams, but for standard output, which is also kept. */
async function runDeno(args: string[]): Promise<{ code: number; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let output = "";
  for await (const bytes of child.stdout) {
    await Deno.stdout.write(bytes);
    output = (output + decoder.decode(bytes, { stream: true })).slice(-4_096);
  }
  const { code } = await child.status;
  return { code, output };
}

/** The counts in the runner's closing line: `ok | 12 passed (3 steps) | 0 failed | 1 ignored`. */
function countsIn(output: string): { passed: number; failed: number; ignored: number } {
  const closing = output.trimEnd().split("\n").findLast((line) => /^(ok|FAILED) \|/.test(line)) ??
    "";
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(closing)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), ignored: count("ignored") };
}

const selected = Deno.args.length > 0 ? Deno.args : ["src", "tests"];
const flags = ["-A", "--doc", "--sanitize-ops", "--sanitize-resources", "--trace-leaks"];
const { code, output } = await runDeno(["test", ...flags, ...selected]);
const { passed, failed, ignored } = countsIn(output);
const skipped = ignored === 0 ? "" : `, ${ignored} skipped`;
console.log(`${passed} passed, ${failed} failed${skipped}`);
Deno.exit(code === 0 && passed > 0 ? 0 : Math.max(code, 1));
