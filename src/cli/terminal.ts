/** Where a command reads and writes. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { visibleText } from "../prompts/visible_text.ts";

/** Standard streams, as commands see them. */
export interface Terminal {
  /** Whether a person sees the output. */
  readonly outputIsTerminal: boolean;
  /** Whether a person sees the errors. */
  readonly errorIsTerminal: boolean;
  /** Whether a person would have to type the input. */
  readonly inputIsTerminal: boolean;
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  writeError(text: string): void;
  /** Reads standard input to its end. @throws {AirlockError} `usage` beyond `maxBytes`. */
  readInput(maxBytes: number): Promise<string>;
}

/** The streams of this process. */
export const processTerminal: Terminal = {
  outputIsTerminal: Deno.stdout.isTerminal(),
  errorIsTerminal: Deno.stderr.isTerminal(),
  inputIsTerminal: Deno.stdin.isTerminal(),
  write: (text) => writeAll(Deno.stdout, text),
  writeError: (text) => writeAll(Deno.stderr, text),
  readInput: (maxBytes) => readText(Deno.stdin.readable, "standard input", maxBytes),
};

/** A line of text that may come from strangers: on a terminal nothing in it is obeyed. */
export function writeLine(terminal: Terminal, text: string): void {
  terminal.write(`${terminal.outputIsTerminal ? visibleText(text) : text}\n`);
}

/** The same on standard error. */
export function writeErrorLine(terminal: Terminal, text: string): void {
  terminal.writeError(`${terminal.errorIsTerminal ? visibleText(text) : text}\n`);
}

/** Reads a file as text. @throws {AirlockError} `usage` where that is not possible. */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    const state = cause instanceof Deno.errors.NotFound ? "there is no such file" : "no access";
    throw new AirlockError("usage", `Cannot read "${path}": ${state}`, { cause });
  }
  return await readText(file.readable, path, maxBytes);
}

async function readText(
  stream: ReadableStream<Uint8Array>,
  name: string,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new AirlockError("usage", `Cannot read "${name}": larger than ${maxBytes} bytes`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    if (cause instanceof AirlockError) throw cause;
    throw new AirlockError("usage", `Cannot read "${name}": it is not a file`, { cause });
  }
  return text + decoder.decode();
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
