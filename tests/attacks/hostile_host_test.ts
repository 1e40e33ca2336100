/** The server against a host that is not ours: what a guest could send that owned its host. @module */

import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { join } from "node:path";
import { parseFrame } from "../../src/bridge/parse_frame.ts";
import { encodeFrame, FrameError, FrameReader } from "../../src/protocol/frames.ts";
import { hostCommand, hostScript } from "../../src/sandbox/host_command.ts";
import { type Host, startHost } from "../../src/sandbox/host_process.ts";
import { runInHost, type SandboxOutcome } from "../../src/sandbox/run_in_host.ts";
import { Watchdog } from "../../src/sandbox/watchdog.ts";

const limits = {
  timeoutMs: 1_500,
  cpuMs: 10_000,
  memoryMb: 192,
  calls: 16,
  callsInFlight: 4,
  argumentBytes: 65_536,
  answerBytes: 4 << 20,
  logBytes: 4_096,
  resultBytes: 65_536,
  codeBytes: 65_536,
};
const maxFrameBytes = 128 * 1024;

/** What a hostile host says once it was given a run: how the run must end. */
const hostiles: Record<string, { says: string; end: string }> = {
  "says idle while its run is under way": {
    says: `send('{"type":"idle"}')`,
    end: "sandbox_crashed",
  },
  "says closed while its run is under way": {
    says: `send('{"type":"closed"}')`,
    end: "sandbox_crashed",
  },
  "says prepared again and again": {
    says: `for (;;) send('{"type":"prepared"}')`,
    end: "sandbox_crashed",
  },
  "adds fields to its result": {
    says: `send('{"type":"done","result":1,"logBytes":0,"status":"x"}')`,
    end: "sandbox_crashed",
  },
  "announces a frame of 4 GB": {
    says: `raw(new Uint8Array([255, 255, 255, 255]))`,
    end: "sandbox_crashed",
  },
  "sends an empty frame": { says: `raw(new Uint8Array(4))`, end: "sandbox_crashed" },
  "sends what is not UTF-8": {
    says: `raw(new Uint8Array([0, 0, 0, 2, 0xc3, 0x28]))`,
    end: "sandbox_crashed",
  },
  "sends what is not JSON": { says: `send("{")`, end: "sandbox_crashed" },
  "nests a thousand levels": {
    says: `send('{"type":"emit","block":' + "[".repeat(1e3) + "]".repeat(1e3) + "}")`,
    end: "sandbox_crashed",
  },
  "sends zeros without end": {
    says: `for (;;) raw(new Uint8Array(65536))`,
    end: "sandbox_crashed",
  },
  "sends half a frame and waits": {
    says: `raw(new Uint8Array([0, 1, 0, 0, 1]))`,
    end: "timed_out",
  },
  "says nothing": { says: ``, end: "timed_out" },
  "logs more than it may": {
    says: `for (;;) send('{"type":"log","level":"log","text":"x","ms":0}')`,
    end: "sandbox_crashed",
  },
  "logs nothing without end": {
    says: `for (;;) send('{"type":"log","level":"log","text":"","ms":0}')`,
    end: "sandbox_crashed",
  },
  "reports progress without end": {
    says: `for (;;) send('{"type":"progress","done":1}')`,
    end: "sandbox_crashed",
  },
  "sends a larger result than it may": {
    says: `send(JSON.stringify({ type: "done", result: "x".repeat(70_000), logBytes: 0 }))`,
    end: "output_limit",
  },
  "emits without end": {
    says: `for (;;) send('{"type":"emit","block":1}')`,
    end: "sandbox_crashed",
  },
  "emits more bytes than a result has": {
    says: `for (;;) send(JSON.stringify({ type: "emit", block: "x".repeat(60000) }))`,
    end: "sandbox_crashed",
  },
  "calls more than it may": {
    says:
      `for (let i = 1; ; i++) send('{"type":"tool_call","callId":' + i + ',"tool":"a.b","args":{}}')`,
    end: "sandbox_crashed",
  },
  "asks without end": {
    says: `for (let i = 1; ; i++) send('{"type":"query","callId":1,"query":"search","args":{}}')`,
    end: "sandbox_crashed",
  },
  "takes no answer": {
    says:
      `for (let i = 1; i < 4; i++) send('{"type":"tool_call","callId":' + i + ',"tool":"big","args":{}}')`,
    end: "timed_out",
  },
  "floods its standard error": {
    says: `const junk = new Uint8Array(65536).fill(10); for (;;) Deno.stderr.writeSync(junk)`,
    end: "timed_out",
  },
  "ends in the middle": {
    says: `send('{"type":"prepared"}'); Deno.exit(0)`,
    end: "sandbox_crashed",
  },
};

for (const [how, { says, end }] of Object.entries(hostiles)) {
  Deno.test(`runInHost() ends and kills a host that ${how}`, async () => {
    await using fake = await hostileHost(says);
    const before = Deno.memoryUsage().rss;

    const outcome = await outcomeOf(fake.host);
    const { code } = await fake.host.exit;

    strictEqual(codeOf(outcome), end);
    strictEqual(outcome.isClean, false);
    ok(code !== 0 || how === "ends in the middle");
    ok((Deno.memoryUsage().rss - before) / 1e6 < 100);
  });
}

Deno.test("FrameReader and parseFrame() take no malformed bytes for a message, and never grow", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ maxLength: 100 }).map(encodeFrame),
    fc.json().map(encodeFrame),
    fc.uint8Array({ maxLength: 64 }).map((body) => new Uint8Array([0, 0, 0, body.length, ...body])),
    fc.dictionary(fc.constantFrom("type", "callId", "text", "ms", "result"), fc.jsonValue())
      .map((message) => encodeFrame(JSON.stringify(message))),
  );
  fc.assert(
    fc.property(
      fc.array(bytes, { maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      (parts, cut) => {
        deepStrictEqual(acceptedFrom(parts, cut), []);
      },
    ),
    { numRuns: 3_000 },
  );
});

/** The messages that a byte stream, cut into pieces, was taken for. */
function acceptedFrom(parts: Uint8Array[], cut: number): unknown[] {
  const reader = new FrameReader(1_000);
  const accepted: unknown[] = [];
  const all = new Uint8Array(parts.flatMap((part) => [...part]));
  try {
    for (let at = 0; at < all.length; at += cut) {
      for (const text of reader.read(all.subarray(at, at + cut))) {
        const message = parseFrame(text);
        if (message !== undefined) accepted.push(message);
      }
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
  }
  return accepted;
}

function codeOf({ end }: SandboxOutcome): string {
  switch (end.type) {
    case "done":
      return "done";
    case "failed":
      return end.fault.code;
    case "stopped":
      return end.code;
    default:
      return end satisfies never;
  }
}

function outcomeOf(host: Host): Promise<SandboxOutcome> {
  const { signal } = new AbortController();
  const big = { type: "tool_result", json: JSON.stringify("x".repeat(3 << 20)) } as const;
  return new Promise((resolve) => {
    runInHost(host, { code: "", namespaces: [], limits, signal }, {
      begun: () => {},
      log: () => {},
      progress: () => {},
      emit: () => {},
      call: () => Promise.resolve(big),
      timer: () => Promise.resolve(0),
      query: () => Promise.resolve({ type: "tool_result", json: "[]" }),
    }, { watchdog: new Watchdog(), onEnd: resolve });
  });
}

/** A process started as a host is, that runs other code. */
async function hostileHost(says: string): Promise<AsyncDisposable & { host: Host }> {
  const folder = await Deno.makeTempDir();
  const script = join(folder, "host.js");
  await Deno.writeTextFile(
    script,
    `const raw = (bytes) => { for (let n = 0; n < bytes.length;) n += Deno.stdout.writeSync(bytes.subarray(n)); };
const send = (text) => {
  const body = new TextEncoder().encode(text), frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, 4);
  raw(frame);
};
Deno.stdin.readSync(new Uint8Array(65536));
${says};
await new Promise((resolve) => setTimeout(resolve, 1e6));`,
  );
  const { command, args, env } = hostCommand({ heapMb: 128, fresh: "worker", denoDir: folder });
  const hostile = { command, args: args.map((arg) => arg === hostScript ? script : arg), env };
  const host = startHost(hostile, { maxFrameBytes, cwd: folder });
  return {
    host,
    async [Symbol.asyncDispose]() {
      host.kill();
      await host.exit;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
