/** Starts the real thing: `main.ts serve` in a process of its own, on a folder of its own. @module */

import { fileURLToPath } from "node:url";
import { denoEnvironment, inheritedEnvironment } from "../../src/config/inherited_environment.ts";
import type { RunReport } from "../../src/runs/report.ts";

/** The program. */
export const program = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Options of {@linkcode startServer}. */
export interface StartServerOptions {
  /** What `airlock.json` says. @default {no file: the embedded shop} */
  config?: unknown;
  /** The data folder. @default {a new one, removed at the end} */
  data?: string;
  /** Environment beside the few names that every program needs. */
  env?: Record<string, string>;
  /** Arguments after `serve`. */
  args?: string[];
}

/** A server that listens. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Its working directory; `data` is in it unless named. */
  readonly folder: string;
  readonly data: string;
  /** What it has printed on standard error so far. */
  stderr(): string;
  /** Sends a request with a JSON body. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Runs code and gives the report. */
  run(code: string, rest?: Record<string, unknown>): Promise<RunReport>;
  /** Ends it by a signal and waits; gives its exit code. */
  end(signal?: Deno.Signal): Promise<number>;
}

/** Starts a server and waits until it says where it listens. */
export async function startServer(options: StartServerOptions = {}): Promise<TestServer> {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const data = options.data ?? `${folder}/data`;
  const config = options.config === undefined ? [] : ["--config", `${folder}/airlock.json`];
  if (options.config !== undefined) {
    await Deno.writeTextFile(`${folder}/airlock.json`, JSON.stringify(options.config));
  }
  const child = spawn(["serve", "--port", "0", "--data", data, ...config, ...options.args ?? []], {
    cwd: folder,
    env: options.env,
  });
  let printed = "";
  const stderr = collect(child.stderr, (text) => printed = (printed + text).slice(-65_536));
  const listening = Promise.withResolvers<string>();
  let said = "";
  const stdout = collect(child.stdout, (text) => {
    said += text;
    const url = /listens on (http:\S+)/.exec(said)?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  child.status.then(({ code }) =>
    listening.reject(new Error(`The server ended with ${code}: ${printed}`))
  );
  const url = await listening.promise;

  const end = async (signal: Deno.Signal = "SIGTERM") => {
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    const { code } = await child.status;
    await Promise.all([stdout, stderr]);
    return code;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return {
    url,
    pid: child.pid,
    folder,
    data,
    stderr: () => printed,
    post,
    run: async (code, rest = {}) => await (await post("/v1/runs", { code, ...rest })).json(),
    end,
    async [Symbol.asyncDispose]() {
      await end();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Starts the program with the few variables that it needs. */
export function spawn(
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; stdin?: "piped" | "null" } = {},
): Deno.ChildProcess {
  const { cwd, env = {}, stdin = "null" } = options;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...args],
    cwd,
    env: { ...inherited(), ...env },
    clearEnv: true,
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Ids of all processes that descend from one. */
export async function descendants(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...children.get(parent) ?? [], Number(name)]);
  }
  const found: number[] = [];
  for (const left = [pid]; left.length > 0;) {
    const own = children.get(left.pop() ?? 0) ?? [];
    found.push(...own);
    left.push(...own);
  }
  return found;
}

/** Waits until a condition holds, for as long as any machine may take. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const startedAt = performance.now(); !await holds();) {
    if (performance.now() - startedAt > 30_000) throw new Error(`Never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function inherited(): Record<string, string> {
  const temporary = Deno.env.get("TMPDIR");
  return {
    ...inheritedEnvironment(),
    ...denoEnvironment(),
    ...(temporary === undefined ? {} : { TMPDIR: temporary }),
  };
}

async function collect(stream: ReadableStream<Uint8Array>, take: (text: string) => void) {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
}
