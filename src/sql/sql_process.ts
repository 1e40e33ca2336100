/** One process that runs SQL: its pipes, its requests in order, its end. @module */

import { encodeFrame, FrameError, FrameReader } from "../protocol/frames.ts";
import type { SqlMessage, SqlRequest } from "../protocol/sql_messages.ts";
import { parseSqlMessage } from "./parse_sql_message.ts";

/** A program without rights, and how to start it. */
export interface SqlCommand {
  /** The program itself. */
  command: string;
  /** What it is told. */
  args: string[];
  /** All of its environment. */
  env: Record<string, string>;
  /** An empty folder to stand in. */
  cwd: string;
}

/** UTF-8 bytes of the longest message it may send: rows, and a whole database in base64. */
const maxFrameBytes = 64 * 1024 * 1024;

/** A process with databases in its memory. */
export class SqlProcess {
  /** Whether it can be asked; resolves when it says so, or has ended. */
  readonly ready: Promise<boolean>;
  /** Resolves when it is gone; never rejects. */
  readonly exit: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting: PromiseWithResolvers<SqlMessage | undefined>[] = [];
  #isAlive = true;

  /** Starts it. */
  constructor({ command, args, env, cwd }: SqlCommand) {
    const stdio = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
    this.#child = new Deno.Command(command, { args, env, clearEnv: true, cwd, ...stdio }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.ready = this.#expect().then((message) => message?.type === "ready");
    this.exit = this.#watch();
  }

  /** Its number in the system. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has not ended yet. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Sends what has an answer; `undefined` where it ended before it gave one. */
  ask(request: Exclude<SqlRequest, { type: "close" }>): Promise<SqlMessage | undefined> {
    const answer = this.#expect();
    this.#send(request);
    return answer;
  }

  /** Sends what has no answer. */
  tell(request: Extract<SqlRequest, { type: "close" }>): void {
    this.#send(request);
  }

  /** Ends it at once, busy or not. */
  kill(): void {
    if (this.#isAlive) this.#child.kill("SIGKILL");
  }

  #expect(): Promise<SqlMessage | undefined> {
    const waiting = Promise.withResolvers<SqlMessage | undefined>();
    if (this.#isAlive) this.#waiting.push(waiting);
    else waiting.resolve(undefined);
    return waiting.promise;
  }

  #send(request: SqlRequest): void {
    // A pipe that broke means a process that died, and `exit` says so.
    this.#stdin.write(encodeFrame(JSON.stringify(request))).catch(() => this.kill());
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
    const message = parseSqlMessage(text);
    const waiting = this.#waiting.shift();
    waiting?.resolve(message);
    if (message === undefined || waiting === undefined) {
      throw new FrameError("Cannot read a frame: it is no answer");
    }
  }
}
