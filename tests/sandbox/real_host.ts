/** A real host process, and programs that are started as one, each in a folder of its own. @module */

import { join } from "node:path";
import type { HostMessage } from "../../src/protocol/messages.ts";
import { hostCommand, hostScript } from "../../src/sandbox/host_command.ts";
import { type Host, startHost } from "../../src/sandbox/host_process.ts";

/** How {@linkcode startRealHost} starts. */
export interface RealHostOptions {
  /** MiB of V8 heap. @default {128} */
  heapMb?: number;
  /** JavaScript that takes the place of the host. @default {the host itself} */
  script?: string;
}

/** A host process and what it said. */
export interface RealHost extends AsyncDisposable {
  readonly host: Host;
  readonly folder: string;
  /** All messages until one of this type, which is the last; what came before is not told again. */
  until(type: HostMessage["type"]): Promise<HostMessage[]>;
}

/** Starts a host process; it ends when it is disposed of, and its folder goes. */
export async function startRealHost(options: RealHostOptions = {}): Promise<RealHost> {
  const { heapMb = 128, script } = options;
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const denoDir = join(folder, "deno");
  const { command, args, env } = hostCommand({ heapMb, fresh: "worker", denoDir });
  const own = join(folder, "host.js");
  if (script !== undefined) await Deno.writeTextFile(own, script);
  const chosen = script === undefined ? args : args.map((arg) => arg === hostScript ? own : arg);
  const host = startHost({ command, args: chosen, env }, { maxFrameBytes: 65_536, cwd: folder });
  const messages: HostMessage[] = [];
  let hasEnded = false;
  let wake = () => {};
  host.listener = {
    message(message) {
      messages.push(message);
      wake();
    },
    exited() {
      hasEnded = true;
      wake();
    },
  };
  return {
    host,
    folder,
    async until(type) {
      for (;;) {
        const at = messages.findIndex((message) => message.type === type);
        if (at >= 0) return messages.splice(0, at + 1);
        if (hasEnded) throw new Error(`The host ended before it said "${type}"`);
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    async [Symbol.asyncDispose]() {
      host.kill();
      await host.exit;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
