/**
 * A host without a process of its own, for platforms that allow none and
 * isolate each app themselves. It is a Worker of the server: code that spins is
 * cut off but goes on spinning, and code that exhausts memory ends the server.
 * It must be asked for. @module
 */

import { parseFrame } from "../bridge/parse_frame.ts";
import { encodeFrame, FrameError, FrameReader } from "../protocol/frames.ts";
import { hostScript } from "./host_command.ts";
import {
  answerParts,
  type Host,
  type HostExit,
  type HostListener,
  runText,
  timerText,
} from "./host_process.ts";

/** How {@linkcode startWorkerHost} starts. */
export interface WorkerHostOptions {
  /** UTF-8 bytes of the longest message it may send. */
  maxFrameBytes: number;
  /** What is new for each run. */
  fresh: "worker" | "realm";
}

/** Starts a host as a Worker of this process. It says `idle` when it is ready for a run. */
export function startWorkerHost({ maxFrameBytes, fresh }: WorkerHostOptions): Host {
  const { promise: exit, resolve } = Promise.withResolvers<HostExit>();
  const frames = new FrameReader(maxFrameBytes);
  const worker = new Worker(new URL(`file://${hostScript}`), {
    type: "module",
    name: `--fresh=${fresh}`,
    deno: { permissions: "none" },
  });
  const end = (brokeProtocol: boolean) => {
    worker.terminate();
    resolve({ code: 1, isOutOfMemory: false, brokeProtocol });
  };
  const host = {
    exit,
    listener: { message: () => {} } as HostListener,
    run: (message) => worker.postMessage(encodeFrame(runText(message))),
    answer: (callId, answer) =>
      worker.postMessage(encodeFrame(answerParts(callId, answer).join(""))),
    fire: (timer, at) => worker.postMessage(encodeFrame(timerText(timer, at))),
    kill: () => end(false),
  } satisfies Host;
  worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
    try {
      for (const text of frames.read(data)) {
        const message = parseFrame(text);
        if (message === undefined) throw new FrameError("Cannot read a frame: unknown message");
        host.listener.message(message);
      }
    } catch (error) {
      end(error instanceof FrameError);
      if (!(error instanceof FrameError)) throw error;
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(false);
  };
  exit.then((how) => host.listener.exited?.(how));
  return host;
}
