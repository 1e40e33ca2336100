/**
 * The checker: a process without rights that type-checks code before it runs.
 * TypeScript comes to it as text over its pipe, so it reads no file; the server
 * bounds its time and its memory from outside, and ends it. @module
 */

import type {
  CheckerLibraries,
  CheckerMessage,
  CheckerRequest,
  Finding,
} from "../src/protocol/checker_messages.ts";
import { encodeFrame, FrameReader } from "../src/protocol/frames.ts";
import { CheckService, type SharedFiles, shareFiles } from "./checker/check_service.ts";
import { loadTypeScript, type TypeScript } from "./checker/load_typescript.ts";

/** UTF-8 bytes of the longest frame a server may send: TypeScript's text, or declarations. */
const maxFrameBytes = 64 * 1024 * 1024;

/** Answers requests from their texts. */
class Checker {
  #ts: TypeScript | undefined;
  #shared: SharedFiles | undefined;
  readonly #services = new Map<string, CheckService>();

  /** Takes a frame of the server; the first two bring TypeScript and its libraries. */
  receive(text: string): CheckerMessage | undefined {
    if (this.#ts === undefined) {
      this.#ts = loadTypeScript(text);
      return undefined;
    }
    if (this.#shared === undefined) {
      const libraries: CheckerLibraries = JSON.parse(text);
      this.#shared = shareFiles(this.#ts, libraries);
      new CheckService(this.#ts, this.#shared, "", []).check("await Promise.resolve([1])");
      return { type: "ready" };
    }
    const request: CheckerRequest = JSON.parse(text);
    switch (request.type) {
      case "declare": {
        const { key, declarations, open } = request;
        const service = new CheckService(this.#ts, this.#shared, declarations, open);
        this.#services.set(key, service);
        service.check("");
        return { type: "declared" };
      }
      case "forget":
        this.#services.get(request.key)?.dispose();
        this.#services.delete(request.key);
        return undefined;
      case "check":
        return this.#check(request.key, request.code);
      default:
        return request satisfies never;
    }
  }

  #check(key: string, code: string): CheckerMessage {
    const service = this.#services.get(key);
    if (service === undefined) throw new TypeError(`Cannot check code: no declarations "${key}"`);
    let findings: Finding[];
    try {
      findings = service.check(code);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { type: "unreadable" };
    }
    return { type: "checked", findings };
  }
}

function send(message: CheckerMessage): void {
  const frame = encodeFrame(JSON.stringify(message));
  for (let written = 0; written < frame.length;) {
    written += Deno.stdout.writeSync(frame.subarray(written));
  }
}

async function serveChecker(): Promise<void> {
  const checker = new Checker();
  const frames = new FrameReader(maxFrameBytes);
  for await (const bytes of Deno.stdin.readable) {
    for (const text of frames.read(bytes)) {
      const answer = checker.receive(text);
      if (answer !== undefined) send(answer);
    }
  }
}

const rights = ["read", "write", "net", "env", "run", "ffi", "sys", "import"] as const;

// In a compiled binary the rights of the program are there at first.
for (const name of rights) Deno.permissions.revokeSync({ name });
await serveChecker();
