/** One host process: its pipes, its messages, its end. @module */

import { parseFrame } from "../bridge/parse_frame.ts";
import { logger } from "../log/log.ts";
import { FrameError, FrameReader } from "../protocol/frames.ts";
import type { HostMessage, RunMessage, TimerMessage, ToolFault } from "../protocol/messages.ts";
import { serverChannels } from "../protocol/messages.ts";
import { FrameWriter, UnreadBytes } from "./frame_writer.ts";
import type { HostCommand } from "./host_command.ts";

const log = logger("sandbox");

/** How a host ended. */
export interface HostExit {
  /** Its exit code. */
  code: number;
  /** V8 said that the heap was full. */
  isOutOfMemory: boolean;
  /** It sent what the protocol does not know, and was killed for it. */
  brokeProtocol: boolean;
}

/** An answer on its way to the guest; a value is JSON text already. */
export type SandboxAnswer =
  & ({ type: "tool_result"; json: string } | { type: "tool_error"; fault: ToolFault })
  & {
    /** In a durable run: the recorded time, milliseconds since 1970. */
    at?: number;
  };

/** Who is told what a host says, and when it ends. */
export interface HostListener {
  /** It said something that fits the protocol. */
  message(message: HostMessage): void;
  /** It is gone. */
  exited?(exit: HostExit): void;
}

/** A place where code runs: a process of its own, or a stand-in with the same face. */
export interface Host {
  /** Its process id; absent where it has none of its own. */
  readonly pid?: number;
  /** Resolves when it is gone, however that came; never rejects. */
  readonly exit: Promise<HostExit>;
  /** Replaced for each run. */
  listener: HostListener;
  /** Begins a run. */
  run(message: RunMessage): void;
  /** Answers a call of the run. */
  answer(callId: number, answer: SandboxAnswer): void;
  /** Says that a timer of a durable run is due. */
  fire(timer: number, at: number): void;
  /** Ends it at once, busy or not. */
  kill(): void;
}

/** How {@linkcode startHost} starts. */
export interface StartHostOptions {
  /** UTF-8 bytes of the longest message it may send. */
  maxFrameBytes: number;
  /** An empty folder to stand in. */
  cwd: string;
  /** Counts what waits for all hosts to read it. @default {a count of its own} */
  unread?: UnreadBytes;
}

/** Bytes of standard error that are kept, to tell why it died. */
const maxStderrBytes = 16_384;

/** Starts a host process. It says `idle` when it is ready for a run. */
export function startHost({ command, args, env }: HostCommand, options: StartHostOptions): Host {
  return new HostProcess(
    new Deno.Command(command, {
      args,
      env,
      clearEnv: true,
      cwd: options.cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
    options,
  );
}

class HostProcess implements Host {
  readonly exit: Promise<HostExit>;
  listener: HostListener = { message: () => {} };
  readonly #child: Deno.ChildProcess;
  readonly #frames: FrameWriter;
  readonly #unread: UnreadBytes;
  #brokeProtocol = false;
  #isAlive = true;

  constructor(child: Deno.ChildProcess, options: StartHostOptions) {
    const { maxFrameBytes, unread = new UnreadBytes() } = options;
    this.#child = child;
    this.#unread = unread;
    this.#frames = new FrameWriter(child.stdin, { unread, onGivenUp: () => this.kill() });
    this.exit = this.#watch(maxFrameBytes);
  }

  get pid(): number {
    return this.#child.pid;
  }

  run(message: RunMessage): void {
    this.#frames.write(runText(message));
  }

  answer(callId: number, answer: SandboxAnswer): void {
    this.#frames.write(...answerParts(callId, answer));
  }

  fire(timer: number, at: number): void {
    this.#frames.write(timerText(timer, at));
  }

  kill(): void {
    if (this.#isAlive) this.#child.kill("SIGKILL");
  }

  async #watch(maxFrameBytes: number): Promise<HostExit> {
    const stderr = readTail(this.#child.stderr);
    const messages = this.#readMessages(maxFrameBytes);
    const { code } = await this.#child.status;
    this.#isAlive = false;
    await messages;
    await this.#frames.close();
    const said = await stderr;
    const isOutOfMemory = /out of memory|heap limit/i.test(said);
    if (!isOutOfMemory && said !== "") log.warn("host ended", { code, said: said.slice(-2_000) });
    const exit = { code, isOutOfMemory, brokeProtocol: this.#brokeProtocol };
    this.listener.exited?.(exit);
    return exit;
  }

  async #readMessages(maxFrameBytes: number): Promise<void> {
    const frames = new FrameReader(maxFrameBytes);
    try {
      for await (const bytes of this.#child.stdout) {
        this.#unread.takenIn(bytes.length);
        for (const text of frames.read(bytes)) {
          const message = parseFrame(text);
          if (message === undefined) throw new FrameError("Cannot read a frame: unknown message");
          this.listener.message(message);
        }
      }
    } catch (error) {
      this.#brokeProtocol = error instanceof FrameError;
      this.kill();
      if (!this.#brokeProtocol) log.error("host message not taken", { error });
    }
  }
}

/** The text of a frame that begins a run. */
export function runText(message: RunMessage): string {
  return serverChannels.run + JSON.stringify(message);
}

/** The text of a frame that answers a call; in parts, so that a long answer is not copied. */
export function answerParts(callId: number, answer: SandboxAnswer): string[] {
  const at = answer.at === undefined ? "" : `"at":${answer.at},`;
  const head = `${serverChannels.answer}{${at}"type":"${answer.type}","callId":${callId},`;
  return answer.type === "tool_result"
    ? [`${head}"result":`, answer.json, "}"]
    : [`${head}"fault":${JSON.stringify(answer.fault)}}`];
}

/** The text of a frame that says that a timer is due. */
export function timerText(timer: number, at: number): string {
  const message: TimerMessage = { at, type: "timer", timer };
  return serverChannels.answer + JSON.stringify(message);
}

/** The last bytes of a stream, as text. */
async function readTail(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text = (text + decoder.decode(bytes, { stream: true })).slice(-maxStderrBytes);
  }
  return text;
}
