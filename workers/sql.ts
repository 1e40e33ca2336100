/**
 * Agents' SQL: a process without rights that holds databases in memory and runs
 * statements in them. Nothing is kept here: what a query changed goes back to
 * the server, which bounds the time and ends this process from outside. @module
 */

import { encodeFrame, FrameReader } from "../src/protocol/frames.ts";
import type { SqlMessage, SqlRequest } from "../src/protocol/sql_messages.ts";
import { Database } from "./sql/database.ts";

/** UTF-8 bytes of the longest frame a server may send: a snapshot and its changes. */
const maxFrameBytes = 128 * 1024 * 1024;

const databases = new Map<string, Database>();

function receive(request: SqlRequest): SqlMessage | undefined {
  switch (request.type) {
    case "open":
      return open(request);
    case "query":
      return databases.get(request.db)?.query(request) ?? { type: "unknown" };
    case "close":
      close(request.db);
      return undefined;
    default:
      return request satisfies never;
  }
}

function open({ db, snapshot, changesets }: Extract<SqlRequest, { type: "open" }>): SqlMessage {
  close(db);
  const bytes = snapshot === undefined ? undefined : Uint8Array.fromBase64(snapshot);
  const opened = new Database(bytes, changesets.map((each) => Uint8Array.fromBase64(each)));
  databases.set(db, opened);
  return { type: "opened", size: opened.size };
}

function close(db: string): void {
  databases.get(db)?.[Symbol.dispose]();
  databases.delete(db);
}

function send(message: SqlMessage): void {
  const frame = encodeFrame(JSON.stringify(message));
  for (let written = 0; written < frame.length;) {
    written += Deno.stdout.writeSync(frame.subarray(written));
  }
}

async function serveSql(): Promise<void> {
  const frames = new FrameReader(maxFrameBytes);
  send({ type: "ready" });
  for await (const bytes of Deno.stdin.readable) {
    for (const text of frames.read(bytes)) {
      const answer = receive(JSON.parse(text));
      if (answer !== undefined) send(answer);
    }
  }
}

const rights = ["read", "write", "net", "env", "run", "ffi", "sys", "import"] as const;

// In a compiled binary the rights of the program are there at first.
for (const name of rights) Deno.permissions.revokeSync({ name });
await serveSql();
