/** An Airlock in this process in front of one server whose tools the test changes. @module */

import { fileURLToPath } from "node:url";
import { type Airlock, startAirlock } from "../../src/airlock.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import type { RunReport } from "../../src/runs/report.ts";
import { until } from "./start_server.ts";

const script = fileURLToPath(new URL("../catalog/fixtures/changing_server.ts", import.meta.url));

/** A tool as the server lists it. */
export type RawTool = { name: string } & Record<string, unknown>;

/** The Airlock, and its server's tools. */
export interface ChangingAirlock extends AsyncDisposable {
  /** Its configuration, to start another one on the same data. */
  readonly folder: string;
  /** Lists these tools from now on, and tells of it; resolves when a claim about them holds. */
  change(tools: RawTool[], holds: () => boolean | Promise<boolean>): Promise<void>;
  run(code: string): Promise<RunReport>;
  /** Sends a request as a local client, and gives status and JSON. */
  request(path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }>;
  readonly airlock: Airlock;
}

/** The tool that tells of a change. */
export const reload: RawTool = { name: "reload", inputSchema: { type: "object" } };

/** Starts one on a folder. The server is called `box`. */
export async function startChanging(folder: string, tools: RawTool[]): Promise<ChangingAirlock> {
  const file = `${folder}/tools.json`;
  const write = (listed: RawTool[]) =>
    Deno.writeTextFile(file, JSON.stringify([...listed, reload]));
  await write(tools);
  const args = ["run", "-A", "--no-check", script, file];
  const config = await loadConfig({
    settings: {
      data: `${folder}/data`,
      mcpServers: { box: { command: Deno.execPath(), args } },
      sandbox: { warm: 1 },
    },
    embeddedServers: [],
    checkWhen: () => undefined,
  });
  await Deno.mkdir(`${folder}/data`, { recursive: true });
  const airlock = await startAirlock({ config, trustUnknownPeers: true });
  await airlock.servers.ready();
  const request: ChangingAirlock["request"] = async (path, body) => {
    const init = body === undefined ? {} : {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const response = await airlock.fetch(new Request(`http://127.0.0.1${path}`, init));
    return { status: response.status, json: await response.json() };
  };
  return {
    airlock,
    folder,
    request,
    run: (code) => airlock.run(code),
    async change(listed, holds) {
      await write(listed);
      await airlock.run("await box.reload()");
      await until(holds, "the change of the tools");
    },
    [Symbol.asyncDispose]: () => airlock.close(),
  };
}
