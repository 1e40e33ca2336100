/** Where the checker comes from: an empty folder to stand in, and a process without rights. @module */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CheckerCommand, CheckerProcess } from "./checker_process.ts";
import { ProcessTypeChecker, type TypeChecker } from "./type_checker.ts";
import { readTypeScript } from "./typescript_text.ts";

/** How a process without rights is started. */
export interface CheckerProgram {
  /** First argument by which the compiled binary knows what it is to be. */
  argument: string;
  /** The bundle that `workers/build.ts` makes. */
  script: string;
  /** Flags for V8, separated by commas. */
  v8Flags: string;
  /** Its throw-away `DENO_DIR`; need not exist. */
  denoDir: string;
}

/** What {@linkcode startChecker} needs. */
export interface StartCheckerOptions {
  /** The command of a process without rights. */
  command(program: CheckerProgram): Omit<CheckerCommand, "cwd">;
  /** How long one check may take, milliseconds. @default {1500} */
  deadlineMs?: number;
  /** MiB of V8 heap; beyond it the process aborts. @default {512} */
  heapMb?: number;
}

/** First argument by which the compiled binary knows that it is to be the checker. */
const checkerArgument = "--airlock-checker";

const checkerScript = fileURLToPath(new URL("../../workers/dist/checker.js", import.meta.url));

/** Starts a checker; it may be asked at once, and waits for its process by itself. */
export async function startChecker(options: StartCheckerOptions): Promise<TypeChecker> {
  const { command, deadlineMs, heapMb = 512 } = options;
  const cwd = await Deno.makeTempDir({ prefix: "airlock-checker-" });
  const program = checkerProgram(join(cwd, "deno"), heapMb);
  const checker = new ProcessTypeChecker({
    start: async () => new CheckerProcess({ ...command(program), cwd }, await readTypeScript()),
    deadlineMs,
  });
  return {
    check: (code, declarations, signal) => checker.check(code, declarations, signal),
    async [Symbol.asyncDispose]() {
      await checker[Symbol.asyncDispose]();
      await Deno.remove(cwd, { recursive: true });
    },
  };
}

/** The checker as a program, given its throw-away `DENO_DIR` and the MiB of its heap. */
export function checkerProgram(denoDir: string, heapMb: number): CheckerProgram {
  return {
    argument: checkerArgument,
    script: checkerScript,
    v8Flags: `--max-old-space-size=${heapMb},--disallow-code-generation-from-strings`,
    denoDir,
  };
}
