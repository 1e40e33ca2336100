/** Starts command lines as processes of their own. @module */

const fixture = new URL("./fixtures/fake_main.ts", import.meta.url).pathname;

/** A process whose output is read while it runs. */
export interface Started {
  child: Deno.ChildProcess;
  /** Resolves with all standard output so far once it holds the text. */
  output(text: string): Promise<string>;
  /** The same of standard error. */
  errors(text: string): Promise<string>;
  /** Resolves when it has ended, with everything it wrote. */
  ended: Promise<{ code: number; output: string; errors: string }>;
}

/** Starts the fake command line on a data folder of its own. */
export function startCli(data: string, args: string[], input?: string): Started {
  const [command, ...rest] = args;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fixture, command, "--data", data, ...rest],
    cwd: data,
    env: { AIRLOCK_LOG: "warn" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) void new Blob([input]).stream().pipeTo(child.stdin);
  const output = new Collected(child.stdout);
  const errors = new Collected(child.stderr);
  return {
    child,
    output: (text) => output.until(text),
    errors: (text) => errors.until(text),
    ended: Promise.all([child.status, output.all, errors.all]).then(([{ code }, out, err]) => ({
      code,
      output: out,
      errors: err,
    })),
  };
}

/** A folder that is removed in the end. */
export async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Text of a stream as it comes. */
class Collected {
  readonly all: Promise<string>;
  #text = "";
  #waiting: { text: string; found: () => void }[] = [];

  constructor(stream: ReadableStream<Uint8Array>) {
    this.all = this.#read(stream);
  }

  async until(text: string): Promise<string> {
    const found = Promise.withResolvers<void>();
    this.#waiting.push({ text, found: found.resolve });
    this.#look();
    await Promise.race([found.promise, this.all]);
    if (!this.#text.includes(text)) throw new Error(`ended without "${text}": ${this.#text}`);
    return this.#text;
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<string> {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      this.#text += chunk;
      this.#look();
    }
    return this.#text;
  }

  #look(): void {
    for (const { text, found } of this.#waiting) if (this.#text.includes(text)) found();
  }
}
