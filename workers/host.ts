/**
 * The host: a process without rights that carries out one run at a time, each
 * in a fresh Worker. It prepares the code, relays messages between the server's
 * pipe and the Worker, and says when nothing of a run is at work any more.
 * Nothing it says is trusted: the server bounds and ends it from outside. @module
 */

import { encodeFrame, FrameReader } from "../src/protocol/frames.ts";
import { type RunMessage, serverChannels } from "../src/protocol/messages.ts";
import { guestCommands, type GuestRun, guestSignals } from "./guest_protocol.ts";
import { prepareCode, type PreparedCode } from "./prepare_code.ts";
import { type Place, SyntaxFault } from "./strip_types.ts";

/** Set by the build: the guest's Worker as one script. */
declare const guestScript: string;

/** Where frames come from and go to: the pipes of a process, or the port of a Worker. */
export interface HostPipe {
  read(): AsyncIterable<Uint8Array>;
  write(frame: Uint8Array): void;
}

/** Whether a Worker serves one run or gets a new realm for each. */
export type Freshness = "worker" | "realm";

/** UTF-8 bytes of the longest frame a server may send: code and input, or an answer. */
const maxFrameBytes = 64 * 1024 * 1024;

/** A new Worker keeps all cores busy: it waits until the answer to the last run is on its way. */
const renewalPauseMs = 8;

/** Serves runs until the server closes the pipe. */
export async function serveHost(pipe: HostPipe, fresh: Freshness): Promise<void> {
  const host = new Host(pipe, fresh);
  const frames = new FrameReader(maxFrameBytes);
  for await (const bytes of pipe.read()) {
    for (const text of frames.read(bytes)) host.receive(text);
  }
}

class Host {
  readonly #pipe: HostPipe;
  readonly #fresh: Freshness;
  readonly #workerUrl: string;
  #worker: Worker;
  #prepared: PreparedCode | undefined;

  constructor(pipe: HostPipe, fresh: Freshness) {
    this.#pipe = pipe;
    this.#fresh = fresh;
    const blob = new Blob([guestScript], { type: "text/javascript" });
    this.#workerUrl = URL.createObjectURL(blob);
    this.#worker = this.#startWorker();
    // The first code that a process reads takes it ten times as long as the next.
    prepareCode("");
  }

  /** Takes a frame of the server. */
  receive(text: string): void {
    if (text[0] === serverChannels.answer) {
      this.#worker.postMessage(guestCommands.answer + text.slice(1));
    }
    if (text[0] === serverChannels.run) this.#begin(JSON.parse(text.slice(1)));
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#workerUrl, {
      type: "module",
      deno: { permissions: "none" },
    });
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      if (worker === this.#worker) this.#relay(data);
    };
    worker.postMessage(guestCommands.warm);
    worker.onerror = (event) => {
      event.preventDefault();
      throw new Error(`The guest's Worker failed: ${event.message}`);
    };
    return worker;
  }

  #begin({ code, ...opened }: RunMessage): void {
    try {
      this.#prepared = prepareCode(code);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.#refuse(error.message, error.place);
      return;
    }
    this.#send('{"type":"prepared"}');
    const { durable } = opened;
    const { script } = this.#prepared;
    const run: GuestRun = { script, opened: JSON.stringify(opened), durable };
    this.#worker.postMessage(guestCommands.run + JSON.stringify(run));
  }

  #refuse(message: string, place: Place | undefined): void {
    const fault = { code: "syntax_error", name: "SyntaxError", message, ...place };
    this.#send(JSON.stringify({ type: "failed", fault, logBytes: 0 }));
    this.#send('{"type":"closed"}');
    this.#send('{"type":"idle"}');
  }

  #relay(data: string): void {
    const text = data.slice(1);
    switch (data[0]) {
      case guestSignals.message:
        return this.#send(text);
      case guestSignals.final:
        this.#send(text.startsWith('{"type":"failed"') ? this.#located(text) : text);
        return this.#worker.postMessage(guestCommands.close);
      case guestSignals.closed:
        this.#send('{"type":"closed"}');
        return this.#renew();
      case guestSignals.ready:
        return this.#send('{"type":"idle"}');
    }
  }

  /** Puts the place of a failure where it is in the code as it was sent. */
  #located(text: string): string {
    const message = JSON.parse(text);
    const { line, column } = message.fault;
    if (typeof line !== "number" || this.#prepared === undefined) return text;
    Object.assign(message.fault, this.#prepared.origin({ line, column }));
    return JSON.stringify(message);
  }

  #renew(): void {
    this.#prepared = undefined;
    if (this.#fresh === "realm") return this.#worker.postMessage(guestCommands.renew);
    setTimeout(() => {
      this.#worker.terminate();
      this.#worker = this.#startWorker();
    }, renewalPauseMs);
  }

  #send(text: string): void {
    this.#pipe.write(encodeFrame(text));
  }
}

/** The pipes of this process. A write blocks while the server does not read: back-pressure. */
function processPipe(): HostPipe {
  const { stdin, stdout } = Deno;
  return {
    read: () => stdin.readable,
    write(frame) {
      for (let written = 0; written < frame.length;) {
        written += stdout.writeSync(frame.subarray(written));
      }
    },
  };
}

/** The port of a Worker: the host where a platform allows no process of its own. */
function workerPipe(): HostPipe {
  const frames = new ReadableStream<Uint8Array>({
    start(controller) {
      self.addEventListener("message", ({ data }) => controller.enqueue(data));
    },
  });
  return { read: () => frames, write: (frame) => self.postMessage(frame) };
}

/** The Worker's global, as far as it is used here. */
declare const self: {
  /** The arguments, as a Worker has none. */
  readonly name: string;
  postMessage(frame: Uint8Array): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Uint8Array>) => void): void;
};

const rights = ["read", "write", "net", "env", "run", "ffi", "sys", "import"] as const;
const asRealm = "--fresh=realm";

if (typeof self === "object" && "DedicatedWorkerGlobalScope" in globalThis) {
  await serveHost(workerPipe(), self.name === asRealm ? "realm" : "worker");
} else if (import.meta.main || Deno.args[0] === "--airlock-host") {
  // In a compiled binary the rights of the program are there at first.
  for (const name of rights) Deno.permissions.revokeSync({ name });
  await serveHost(processPipe(), Deno.args.includes(asRealm) ? "realm" : "worker");
  // The server is gone. A guest at work would keep this process alive.
  Deno.exit();
}
