import { deepStrictEqual, strictEqual } from "assert";
import { CheckerProcess } from "../../src/typescript/checker_process.ts";

const text = { compiler: "compiler", libraries: {}, main: "lib.d.ts" };

/** A frame that holds a text, written by a script of its own. */
const speak = `const say = (text) => {
  const body = new TextEncoder().encode(text);
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, 4);
  Deno.stdout.writeSync(frame);
};`;

const endings: [name: string, script: string, isReady: boolean][] = [
  [
    "one that says it is ready",
    `say('{"type":"ready"}'); for await (const _ of Deno.stdin.readable);`,
    true,
  ],
  ["one that ends at once", "", false],
  ["one that says what nobody knows", `say('{"type":"other"}'); while (true);`, false],
  ["one that writes no frames", `console.log("\\xff\\xff\\xff\\xff"); while (true);`, false],
  [
    "one that says more than it was asked",
    `say('{"type":"ready"}'); say('{"type":"ready"}'); while (true);`,
    true,
  ],
];
for (const [name, script, isReady] of endings) {
  Deno.test(`CheckerProcess is as ready as ${name}, and ends with it`, async () => {
    const process = start(`${speak}\n${script}`);
    const said = await process.ready;
    process.kill();
    await process.exit;
    const asked = await process.ask({ type: "check", key: "", code: "" });

    deepStrictEqual([said, asked], [isReady, undefined]);
  });
}

Deno.test("CheckerProcess gives no answer where the process ends before it has one", async () => {
  const process = start(`${speak}\nsay('{"type":"ready"}'); while (true);`);
  await process.ready;
  const answer = process.ask({ type: "check", key: "", code: "" });

  process.kill();

  strictEqual(await answer, undefined);
  await process.exit;
});

function start(script: string): CheckerProcess {
  const url = `data:text/javascript,${encodeURIComponent(script)}`;
  const args = ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", url];
  return new CheckerProcess({ command: Deno.execPath(), args, env: {}, cwd: Deno.cwd() }, text);
}
