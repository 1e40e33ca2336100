import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { localPrincipal } from "../../src/grants/principal.ts";
import { followProgress } from "../../src/mcp_server/follow_progress.ts";
import type { RunEvent } from "../../src/runs/report.ts";
import { fakeDeps, FakeRuns } from "./fake_runs.ts";

type Params = { progress: number; total?: number; message?: string };

Deno.test("followProgress() sends numbers that always grow", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer(), { maxLength: 50 }), async (numbers) => {
    const sent = await follow(numbers.map(progress));

    strictEqual(sent.length, numbers.length);
    ok(sent.every((params, i) => params.progress > (i === 0 ? 0 : sent[i - 1].progress)));
  }));
});

Deno.test("followProgress() thins out what comes too fast", async () => {
  const sent = await follow(Array.from({ length: 10_000 }, (_, i) => progress(i + 1)), {
    now: () => 0,
  });

  strictEqual(sent.length, 200);
});

Deno.test("followProgress() sends nothing without a token", async () => {
  deepStrictEqual(await follow([progress(1)], { token: undefined }), []);
});

Deno.test("followProgress() tells of calls and approvals as a heartbeat", async () => {
  const sent = await follow([
    { id: 1, event: "call", data: { seq: 1, tool: "shop.a\u200b", status: "failed", ms: 1 } },
    {
      id: 2,
      event: "approval",
      data: { id: "a", run: "r", tool: "t", arguments: {}, reason: "", at: "" },
    },
  ]);

  deepStrictEqual(sent.map(({ message }) => message), [
    "shop.a\\u200b failed",
    "waits for an approval",
  ]);
});

Deno.test("followProgress() tells of a failure and does not reject", async () => {
  const errors: string[] = [];

  await follow([progress(1)], {
    notify: () => Promise.reject(new Error("gone")),
    onError: (error) => void errors.push(error.message),
  });

  deepStrictEqual(errors, ["gone"]);
});

interface FollowFakes {
  token?: string;
  now?: () => number;
  notify?: () => Promise<void>;
  onError?: (error: Error) => void;
}

function progress(done: number): RunEvent {
  return { id: 1, event: "progress", data: { done } };
}

async function follow(events: RunEvent[], fakes: FollowFakes = {}): Promise<Params[]> {
  const { token = "token" in fakes ? undefined : "t", now, notify, onError } = fakes;
  const sent: Params[] = [];
  const runs = Object.assign(new FakeRuns(), {
    events: () => Promise.resolve(ReadableStream.from(events)),
  });
  await followProgress("run_1", {
    deps: fakeDeps({ runs, onError }),
    principal: localPrincipal,
    request: {
      _meta: token === undefined ? undefined : { progressToken: token },
      notify: notify ?? (({ params }) => {
        const { progress = 0, ...rest } = Object(params);
        sent.push({ progress, ...rest });
        return Promise.resolve();
      }),
    },
    signal: new AbortController().signal,
    now,
  });
  return sent;
}
