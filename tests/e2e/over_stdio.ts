/** `airlock mcp` in a process of its own, as the transport of a client. @module */

import { spawn } from "./start_server.ts";

/** What clients of both packages take as a transport. */
interface StdioTransport {
  onclose?: () => void;
  // deno-lint-ignore no-explicit-any -- each package has a type of its own for messages
  onmessage?: (message: any) => void;
  start(): Promise<void>;
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; the packages' own transports leave a timer behind. */
export function overStdio(args: string[], cwd: string): StdioTransport {
  const child = spawn(["mcp", ...args], { cwd, stdin: "piped" });
  const input = child.stdin.getWriter();
  const transport: StdioTransport = {
    start: () => Promise.resolve(),
    send: (message) => input.write(new TextEncoder().encode(JSON.stringify(message) + "\n")),
    async close() {
      await input.close();
      await Promise.all([child.status, read, errors]);
      transport.onclose?.();
    },
  };
  const read = readLines(child.stdout, (line) => transport.onmessage?.(JSON.parse(line)));
  const errors = child.stderr.pipeTo(new WritableStream());
  return transport;
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    lines.forEach(take);
  }
}
