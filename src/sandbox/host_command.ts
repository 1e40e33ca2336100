/** How a host is started: a process with no rights at all. @module */

import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";

/** A program and how to start it. */
export interface HostCommand {
  /** The program. */
  command: string;
  /** Its arguments. */
  args: string[];
  /** Its whole environment. */
  env: Record<string, string>;
}

/** What {@linkcode hostCommand} depends on. */
export interface HostCommandOptions {
  /** MiB of V8 heap; beyond it the process aborts. */
  heapMb: number;
  /** What is new for each run. */
  fresh: "worker" | "realm";
  /** Its throw-away `DENO_DIR`; need not exist. */
  denoDir: string;
  /** Programs that start what follows them. @default {none} */
  prefix?: readonly string[];
}

/** First argument by which the compiled binary knows that it is to be a host. */
export const hostArgument = "--airlock-host";

/** The bundle of host and guest, made by `workers/build.ts`. */
export const hostScript: string = fileURLToPath(
  new URL("../../workers/dist/host.js", import.meta.url),
);

const denied = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];

/** What {@linkcode isolatedCommand} depends on. */
export interface IsolatedCommandOptions extends Pick<HostCommandOptions, "denoDir" | "prefix"> {
  /** First argument by which the compiled binary knows what it is to be. */
  argument: string;
  /** The script, without imports; the binary has it within. */
  script: string;
  /** What the script is told. @default {none} */
  args?: readonly string[];
  /** Flags for V8, separated by commas. */
  v8Flags: string;
}

/** The command of one host. In a compiled binary that is the binary itself. */
export function hostCommand({ heapMb, fresh, denoDir, prefix }: HostCommandOptions): HostCommand {
  return isolatedCommand({
    argument: hostArgument,
    script: hostScript,
    args: [`--fresh=${fresh}`],
    v8Flags: `--max-old-space-size=${heapMb},--disallow-code-generation-from-strings`,
    denoDir,
    prefix,
  });
}

/** The command of a process without rights. In a compiled binary that is the binary itself. */
export function isolatedCommand(options: IsolatedCommandOptions): HostCommand {
  const { argument, script, args: told = [], v8Flags, denoDir, prefix = [] } = options;
  const own = Deno.build.standalone ? [argument] : denoArguments(script, v8Flags);
  const [command, ...args] = [...prefix, Deno.execPath(), ...own, ...told];
  // Times are UTC and nothing is coloured: such a process knows nothing of the machine it is on.
  const env = { DENO_DIR: denoDir, TZ: "UTC", NO_COLOR: "1" };
  return {
    command,
    args,
    env: Deno.build.standalone ? { ...env, DENO_V8_FLAGS: v8Flags } : env,
  };
}

function denoArguments(script: string, v8Flags: string): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--no-code-cache",
    "--unstable-worker-options",
    `--import-map=${refusingImportMap()}`,
    ...denied.map((name) => `--deny-${name}`),
    `--v8-flags=${v8Flags}`,
    script,
  ];
}

/** An import map that makes every built-in module, by either name, one that throws. */
function refusingImportMap(): string {
  const refusal = "data:text/javascript,throw 0";
  const names = builtinModules.flatMap((name) =>
    name.startsWith("node:") ? [name] : [name, `node:${name}`]
  );
  const imports = Object.fromEntries(names.map((name) => [name, refusal]));
  return `data:application/json,${encodeURIComponent(JSON.stringify({ imports }))}`;
}
