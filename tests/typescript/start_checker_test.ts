import { deepStrictEqual, rejects, strictEqual } from "assert";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { startChecker } from "../../src/typescript/start_checker.ts";
import { checkCold } from "./real_checker.ts";

Deno.test("startChecker() gives its process an empty folder, and removes it at the end", async () => {
  const folders: string[] = [];
  const checker = await startChecker({
    command: (program) => {
      folders.push(program.denoDir.slice(0, -"/deno".length));
      return isolatedCommand(program);
    },
  });
  await checkCold(checker, { key: "", text: () => "", open: [] });
  const found = await Array.fromAsync(Deno.readDir(folders[0]), ({ name }) => name);
  await checker[Symbol.asyncDispose]();

  strictEqual(folders.length, 1);
  deepStrictEqual(found.filter((name) => name !== "deno"), []);
  await rejects(Deno.stat(folders[0]), Deno.errors.NotFound);
});
