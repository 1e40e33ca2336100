import { rejects, strictEqual } from "assert";
import { readTextFile, writeErrorLine, writeLine } from "../../src/cli/terminal.ts";
import { FakeTerminal } from "./fakes.ts";

Deno.test("writeLine() escapes on a terminal and leaves pipes alone", () => {
  const terminal = new FakeTerminal({ isTerminal: true });
  const pipe = new FakeTerminal();

  for (const target of [terminal, pipe]) {
    writeLine(target, "a\u001b[2J");
    writeErrorLine(target, "b\u0007");
  }

  strictEqual(terminal.output + terminal.errors, "a\\u001b[2J\nb\\u0007\n");
  strictEqual(pipe.output + pipe.errors, "a\u001b[2J\nb\u0007\n");
});

Deno.test("readTextFile() reads a file, and says why it cannot", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "grüße");

  const text = await readTextFile(file, 100);
  await rejects(readTextFile(file, 3), { code: "usage", message: /larger than 3 bytes/ });
  await Deno.remove(file);
  await rejects(readTextFile(file, 100), { code: "usage", message: /there is no such file/ });
  await rejects(readTextFile(Deno.cwd(), 100), { code: "usage", message: /it is not a file/ });

  strictEqual(text, "grüße");
});
