/** One checker process: its pipes, its requests one at a time, its end. @module */

import type { CheckerMessage, CheckerRequest } from "../protocol/checker_messages.ts";
import { encodeFrame, FrameError, FrameReader } from "../protocol/frames.ts";
import { absentGlobals, guestLib } from "./guest_lib.ts";
import { parseCheckerMessage } from "./parse_checker_message.ts";
import type { TypeScriptText } from "./typescript_text.ts";

/** A program without rights, and how to start it. */
export interface CheckerCommand {
  /** The program itself. */
  command: string;
  /** What it is told. */
  args: string[];
  /** All of its environment. */
  env: Record<string, string>;
  /** An empty folder to stand in. */
  cwd: string;
}

/** UTF-8 bytes of the longest message it may send. */
const maxFrameBytes = 4 * 1024 * 1024;

/** A checker. Requests are sent one after the other; whoever waits for an answer gets it. */
export class CheckerProcess {
  /** Resolves when it can be asked, or has ended. */
  readonly ready: Promise<boolean>;
  /** Resolves when it is gone; never rejects. */
  readonly exit: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting: PromiseWithResolvers<CheckerMessage | undefined>[] = [];
  #isAlive = true;

  /** Starts it and sends it TypeScript. */
  constructor({ command, args, env, cwd }: CheckerCommand, text: TypeScriptText) {
    const stdio = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
    this.#child = new Deno.Command(command, { args, env, clearEnv: true, cwd, ...stdio }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.exit = this.#watch();
    const { compiler, libraries, main } = text;
    const ready = this.#expect();
    this.#send(compiler);
    this.#send(JSON.stringify({ libraries, main, guestLib, absent: absentGlobals }));
    this.ready = ready.then((message) => message?.type === "ready");
  }

  /** Sends what has no answer. */
  tell(request: Extract<CheckerRequest, { type: "forget" }>): void {
    this.#send(JSON.stringify(request));
  }

  /** Sends what has an answer; `undefined` where it ended before it gave one. */
  ask(
    request: Exclude<CheckerRequest, { type: "forget" }>,
  ): Promise<CheckerMessage | undefined> {
    const answer = this.#expect();
    this.#send(JSON.stringify(request));
    return answer;
  }

  /** Ends it at once, busy or not. */
  kill(): void {
    if (this.#isAlive) this.#child.kill("SIGKILL");
  }

  #expect(): Promise<CheckerMessage | undefined> {
    const waiting = Promise.withResolvers<CheckerMessage | undefined>();
    if (this.#isAlive) this.#waiting.push(waiting);
    else waiting.resolve(undefined);
    return waiting.promise;
  }

  #send(text: string): void {
    // A pipe that broke means a checker that died, and `exit` says so.
    this.#stdin.write(encodeFrame(text)).catch(() => this.kill());
  }

  async #watch(): Promise<void> {
    const messages = this.#readMessages();
    await this.#child.status;
    this.#isAlive = false;
    await messages;
    this.#waiting.splice(0).forEach(({ resolve }) => resolve(undefined));
    await this.#stdin.close().catch(() => this.#stdin.abort().catch(() => undefined));
  }

  async #readMessages(): Promise<void> {
    const frames = new FrameReader(maxFrameBytes);
    try {
      for await (const bytes of this.#child.stdout) {
        for (const text of frames.read(bytes)) this.#receive(text);
      }
    } catch (error) {
      this.kill();
      if (!(error instanceof FrameError)) throw error;
    }
  }

  #receive(text: string): void {
    const message = parseCheckerMessage(text);
    const waiting = this.#waiting.shift();
    waiting?.resolve(message);
    if (message === undefined || waiting === undefined) {
      throw new FrameError("Cannot read a frame: it is no answer");
    }
  }
}
