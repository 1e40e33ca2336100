/** An MCP server as a child process that speaks on its standard input and output. @module */

import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/client";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { UpstreamError } from "../servers/upstream_error.ts";
import { settlesWithin } from "./delay.ts";
import { failedFrame, FrameLines } from "./frame_lines.ts";
import { endGroup, startGroup } from "./process_group.ts";
import type { GroupCommand } from "./process_group.ts";

/** How much of the standard error is kept, in characters. */
const stderrChars = 4096;

/** How long the last output of a dead process is waited for: a descendant may hold the pipe. */
const drainMs = 250;

/** Options of a {@linkcode StdioTransport}. */
export interface StdioTransportOptions {
  /** How long the server may take to leave, and again after SIGTERM. @default {1000} */
  graceMs?: number;
  /** Told each piece the server writes to its standard error. */
  onStderr?: (text: string) => void;
}

/**
 * The SDK has a transport like this, but it leaves descendants behind, and
 * ends the connection over one frame that is too long.
 */
export class StdioTransport implements Transport {
  /** Told when the process, and all it started, is gone. */
  onclose?: () => void;
  /** Told what is wrong without ending anything. */
  onerror?: (error: Error) => void;
  /** Told each message of the server. */
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #command: GroupCommand;
  readonly #graceMs: number;
  readonly #onStderr?: (text: string) => void;
  /** Resolves when the end is to begin: with `true` where it was asked for. */
  readonly #closing = Promise.withResolvers<boolean>();
  #child?: Deno.ChildProcess;
  #input?: WritableStreamDefaultWriter<Uint8Array>;
  #life: Promise<void> = Promise.resolve();
  #stderr = "";
  #exit?: string;

  /** Starts nothing yet. */
  constructor(command: GroupCommand, options: StdioTransportOptions = {}) {
    const { graceMs = 1000, onStderr } = options;
    this.#command = command;
    this.#graceMs = graceMs;
    this.#onStderr = onStderr;
  }

  /** Id of the process. By this and `stderr` the SDK knows that there is one. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** The last 4096 characters that the server wrote to its standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** How the process ended by itself, with its last words; `undefined` where it did not. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /**
   * Starts the process.
   *
   * @throws {UpstreamError} `missing`, where the program cannot be started.
   */
  // deno-lint-ignore require-await -- what it throws must be a rejection
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new TypeError("Cannot start a transport twice");
    this.#child = startChild(this.#command);
    this.#input = this.#child.stdin.getWriter();
    this.#life = this.#live(this.#child);
  }

  /**
   * Writes a message to the standard input.
   *
   * @throws {UpstreamError} `unsent`, where the process takes no input any more.
   */
  async send(message: JSONRPCMessage): Promise<void> {
    try {
      if (this.#input === undefined) throw new TypeError("Cannot send: not started");
      await this.#input.write(new TextEncoder().encode(serializeMessage(message)));
    } catch (cause) {
      // What was cut off lacks its line end, so the server never took it for a message.
      this.#closing.resolve(false);
      throw new UpstreamError("unsent", "its input is closed", { cause });
    }
  }

  /** Ends the process and all it started. Resolves when none of them is left. */
  async close(): Promise<void> {
    this.#closing.resolve(true);
    await this.#life;
  }

  /** Lives as long as the process: reads what it says, and sees to it that nothing is left of it. */
  async #live(child: Deno.ChildProcess): Promise<void> {
    const cut = new AbortController();
    const frames = child.stdout.pipeThrough(new FrameLines())
      .pipeTo(new WritableStream({ write: (line) => this.#takeLine(line) }), cut);
    const words = child.stderr.pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: (text) => this.#takeStderr(text) }), cut);
    const output = Promise.allSettled([frames, words]);

    const isOver = Promise.race([child.status, Promise.allSettled([frames])]).then(() => false);
    const wasAsked = await Promise.race([isOver, this.#closing.promise]);
    const input = this.#endInput();
    await endGroup(child, this.#graceMs);
    if (!await settlesWithin(output, drainMs)) cut.abort();
    await Promise.all([output, input]);

    if (!wasAsked) this.#exit = describeExit(await child.status, this.#stderr);
    this.onclose?.();
  }

  #takeLine(line: string): void {
    if (line.trim() === "") return;
    const message = parseMessage(line);
    if (message !== undefined) this.onmessage?.(message);
    else this.onerror?.(new Error("Cannot read a line of the server: not a JSON-RPC message"));
  }

  #takeStderr(text: string): void {
    this.#stderr = (this.#stderr + text).slice(-stderrChars);
    this.#onStderr?.(text);
  }

  async #endInput(): Promise<void> {
    try {
      await this.#input?.close();
    } catch (error) {
      // A process that is gone has closed it already.
      this.onerror?.(error instanceof Error ? error : new Error("Cannot close the input"));
    }
  }
}

function startChild(command: GroupCommand): Deno.ChildProcess {
  try {
    return startGroup(command);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : "";
    const { command: program, cwd } = command;
    if (text.includes("No such cwd")) {
      throw new UpstreamError("missing", `working directory "${cwd}" not found`, { cause });
    }
    if (cause instanceof Deno.errors.NotFound) {
      throw new UpstreamError("missing", `command "${program}" not found`, { cause });
    }
    throw new UpstreamError("missing", `command "${program}" cannot be executed`, { cause });
  }
}

/** A frame as a message; a broken one as the error of the call it would have answered. */
function parseMessage(line: string): JSONRPCMessage | undefined {
  try {
    return deserializeMessage(line);
  } catch (error) {
    const frame = failedFrame(line, line.slice(-1024), brokenAnswer(error));
    return frame === undefined ? undefined : deserializeMessage(frame);
  }
}

function brokenAnswer(error: unknown): string {
  return error instanceof SyntaxError
    ? "its answer is not valid JSON"
    : "its answer is not a JSON-RPC message";
}

function describeExit(status: Deno.CommandStatus, stderr: string): string {
  const how = status.signal === null
    ? `exited with code ${status.code}`
    : `was ended by ${status.signal}`;
  const words = stderr.trim();
  return words === "" ? `it ${how}` : `it ${how}: ${words}`;
}
