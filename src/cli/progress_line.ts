/** One line on a terminal that moves while something takes long. @module */

import { visibleLine } from "../prompts/visible_text.ts";
import { type Terminal, writeErrorLine } from "./terminal.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const CLEAR_LINE = "\r\u001b[2K";
/** Short waits show nothing: the first frame comes after this many. */
const QUIET_FRAMES = 3;

/** Shows that something goes on; on standard error, and only where that is a terminal. */
export class ProgressLine implements Disposable {
  readonly #terminal: Terminal;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #text: string;
  #frame = 0;

  /** Shows at once, where there is a terminal. */
  constructor(terminal: Terminal, text: string) {
    this.#terminal = terminal;
    this.#text = visibleLine(text, 70);
    if (terminal.errorIsTerminal) this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  /** Changes what it says. */
  update(text: string): void {
    this.#text = visibleLine(text, 70);
  }

  /** Prints a whole line above it. */
  print(text: string): void {
    this.#clear();
    writeErrorLine(this.#terminal, text);
  }

  /** Takes it away. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #draw(): void {
    this.#frame++;
    if (this.#frame < QUIET_FRAMES) return;
    const sign = FRAMES[this.#frame % FRAMES.length];
    this.#terminal.writeError(`${CLEAR_LINE}${sign} ${this.#text}`);
  }

  #clear(): void {
    if (this.#frame >= QUIET_FRAMES) this.#terminal.writeError(CLEAR_LINE);
  }
}
