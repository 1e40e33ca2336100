/** A real server in a process of its own, with a data folder of its own. @module */

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The program of the MCP server that answers at once. */
export const echoCommand = {
  command: Deno.execPath(),
  args: ["run", "-A", pathOf("./echo_server.ts")],
};

/** Settings of `airlock.json` that benchmarks change. */
export interface BenchSettings {
  sandbox?: Record<string, unknown>;
  limits?: Record<string, number>;
  keys?: { name: string; secret: string }[];
  /** `:memory:` in place of a file. */
  kv?: string;
}

/** How one run is asked for. */
export interface RunOptions {
  /** Bearer of the principal's key. @default {none} */
  secret?: string;
  /** Takes any outcome, not only success. @default {false} */
  mayFail?: boolean;
}

const report = z.object({
  status: z.string(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
  logs: z.array(z.object({ ms: z.number() })),
  usage: z.object({ startMs: z.number() }),
});
/** The part of a run's report that benchmarks look at. */
export type BenchReport = z.infer<typeof report>;

/** A server that runs until it is disposed of. */
export class BenchServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;

  private constructor(child: Deno.ChildProcess, folder: string, url: string) {
    [this.#child, this.#folder, this.url] = [child, folder, url];
  }

  /** Starts `airlock serve` with the shop and the echo server; resolves when both are connected. */
  static async start(settings: BenchSettings = {}): Promise<BenchServer> {
    const folder = await Deno.makeTempDir({ prefix: "airlock-bench-" });
    const shop = { ...echoCommand, args: ["run", "-A", pathOf("../examples/shop_server.ts")] };
    const config = { ...settings, mcpServers: { shop, echo: echoCommand } };
    await Deno.writeTextFile(`${folder}/airlock.json`, JSON.stringify(config));
    const where = ["--config", `${folder}/airlock.json`, "--data", `${folder}/data`];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", pathOf("../main.ts"), "serve", "--port", "0", ...where],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const log = readTail(child.stderr);
    const text = await readUntil(child.stdout, "Isolation:");
    const url = /(http:\S+)[^]*Isolation:/.exec(text)?.[1];
    if (url !== undefined) return new BenchServer(child, folder, url);
    await Deno.remove(folder, { recursive: true });
    throw new Error(`The server ended before it was ready: ${text}${await log}`);
  }

  /** Process id of the server. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Runs code and waits for its report. */
  async run(code: string, options: RunOptions = {}): Promise<BenchReport> {
    const { secret, mayFail = false } = options;
    const headers = new Headers({ "content-type": "application/json" });
    if (secret !== undefined) headers.set("authorization", `Bearer ${secret}`);
    const body = JSON.stringify({ code });
    const response = await fetch(`${this.url}/v1/runs`, { method: "POST", headers, body });
    if (mayFail && !response.ok) return emptyReport(await response.text());
    const read = report.parse(await response.json());
    if (read.status === "succeeded" || mayFail) return read;
    throw new Error(`A run of the benchmark ended as "${read.status}": ${read.error?.message}`);
  }

  /** An MCP client of `/mcp`, of the era without sessions. */
  async connect(): Promise<Client & AsyncDisposable> {
    const client = new Client({ name: "bench", version: "1" }, {
      versionNegotiation: { mode: "auto" },
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${this.url}/mcp`)));
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
  }

  /** Ends the server and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/**
 * Reads until some text is there, or to the end, and goes on reading in the
 * background, so that nobody blocks.
 */
async function readUntil(stream: ReadableStream<Uint8Array>, wanted: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  readTail(stream, (text) => text.includes(wanted) && resolve(text)).then(resolve, reject);
  return await promise;
}

/** The last characters of a stream, once it ends. */
async function readTail(
  stream: ReadableStream<Uint8Array>,
  onText: (text: string) => void = () => {},
): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + part).slice(-4_096);
    onText(text);
  }
  return text;
}

function emptyReport(message: string): BenchReport {
  return { status: "refused", error: { message }, logs: [], usage: { startMs: 0 } };
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
