/** An Airlock in a process of its own, as users start it, and what the system says of it. @module */

import { join } from "node:path";
import type { RunReport } from "../../src/runs/report.ts";

/** A server under attack. */
export interface ServedAirlock extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Runs code for the holder of a key and waits for its report. */
  run(key: string, code: string, limits?: { timeoutMs?: number }): Promise<RunReport>;
  /** Compact receipts of a run. */
  receipts(key: string, run: string): Promise<string[]>;
}

/** Keys of two principals. */
export const keys = { attacker: "attacker-".repeat(5), neighbour: "neighbour-".repeat(5) };

const main = new URL("../../main.ts", import.meta.url);

/** Starts `airlock serve` with low limits on a data folder of its own. */
export async function serveAirlock(settings: Record<string, unknown>): Promise<ServedAirlock> {
  const folder = await Deno.makeTempDir();
  const config = join(folder, "airlock.json");
  const secrets = Object.entries(keys).map(([name, secret]) => ({ name, secret }));
  await Deno.writeTextFile(config, JSON.stringify({ ...settings, keys: secrets }));
  const data = join(folder, "data");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", main.href, "serve", "--config", config, "--data", data].concat(
      ["--port", "0"],
    ),
    env: { AIRLOCK_LOG: "error" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Said(child.stdout);
  const errors = new Said(child.stderr);
  const [, url] = await said.find(/listens on (\S+)/);
  const request = async (key: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return await response.json();
    throw new Error(`${response.status}: ${await response.text()}`);
  };
  return {
    url,
    pid: child.pid,
    run: async (key, code, limits) =>
      await request(key, "/v1/runs", { code, check: false, ...limits }) as RunReport,
    receipts: async (key, run) => {
      const answer = await request(key, `/v1/runs/${run}/receipts`) as { items: string[] };
      return answer.items;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Promise.all([said.ended, errors.ended]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Text of a stream as it comes. */
class Said {
  readonly ended: Promise<void>;
  #text = "";
  #onText = () => {};

  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stream);
  }

  /** Resolves once the text has a match. */
  async find(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) return match;
      const more = new Promise<"more">((resolve) => this.#onText = () => resolve("more"));
      if (await Promise.race([more, this.ended]) !== "more") {
        throw new Error(`ended before ${pattern}: ${this.#text}`);
      }
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      this.#onText();
    }
  }
}
