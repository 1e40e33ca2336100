/** A small server of the KV Connect protocol, version 3, for tests of several servers on one KV. @module */

import { KvStore, LimitError, type Mutation } from "./kv_store.ts";
import { bytesOf, manyOf, numberOf, readMessage, writeMessage } from "./protobuf.ts";

/** Options of {@linkcode serveKv}. */
export interface ServeKvOptions {
  /** Where it keeps its data. @default {in memory} */
  path?: string;
  /** A port; 0 takes any free one. @default {0} */
  port?: number;
  /** What clients must know: their `DENO_KV_ACCESS_TOKEN`. @default {a random one} */
  token?: string;
}

/** A KV Connect server that listens. */
export interface KvServer extends AsyncDisposable {
  /** What `Deno.openKv()` takes. */
  readonly url: string;
  /** What `DENO_KV_ACCESS_TOKEN` must say. */
  readonly token: string;
  /** What it keeps. */
  readonly store: KvStore;
  /** So many requests came so far, by the name of the method. */
  readonly requests: ReadonlyMap<string, number>;
  /** Answers 503 to everything until told otherwise. */
  setAway(isAway: boolean): void;
}

/** The types of a mutation, by their numbers. */
const mutationTypes: readonly (Mutation["type"] | undefined)[] = [
  undefined,
  "set",
  "delete",
  "sum",
  "max",
  "min",
];

const readSucceeded = 1;
const writeSucceeded = 1;
const checkFailed = 2;

/** Starts one. */
export function serveKv(options: ServeKvOptions = {}): KvServer {
  const { path, port = 0, token = crypto.randomUUID() } = options;
  const store = new KvStore(path);
  const requests = new Map<string, number>();
  const ending = new AbortController();
  let isAway = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      requests.set(pathname, (requests.get(pathname) ?? 0) + 1);
      if (isAway) return new Response("away for a while", { status: 503 });
      if (request.headers.get("authorization") !== `Bearer ${token}`) {
        return new Response("the access token is not valid", { status: 401 });
      }
      if (pathname === "/") return exchangeMetadata(token);
      return await answer(store, request, pathname, ending.signal);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    token,
    store,
    requests,
    setAway: (away) => void (isAway = away),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.shutdown();
      store[Symbol.dispose]();
    },
  };
}

function exchangeMetadata(token: string): Response {
  return Response.json({
    version: 3,
    databaseId: "00000000-0000-4000-8000-000000000001",
    endpoints: [{ url: "/v2", consistency: "strong" }],
    token,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
}

async function answer(
  store: KvStore,
  request: Request,
  pathname: string,
  ending: AbortSignal,
): Promise<Response> {
  const body = await request.bytes();
  try {
    switch (pathname) {
      case "/v2/snapshot_read":
        return protobuf(snapshotRead(store, body));
      case "/v2/atomic_write":
        return protobuf(atomicWrite(store, body));
      case "/v2/watch":
        return protobuf(watch(store, body, AbortSignal.any([request.signal, ending])));
      default:
        return new Response("there is no such method", { status: 404 });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const said = error instanceof LimitError ? error.message : `malformed: ${error.message}`;
    return new Response(said, { status: 400 });
  }
}

function protobuf(body: BodyInit): Response {
  return new Response(body, { headers: { "content-type": "application/x-protobuf" } });
}

function snapshotRead(store: KvStore, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const ranges = manyOf(readMessage(body), 1).map((bytes) => {
    const range = readMessage(bytes);
    return {
      start: bytesOf(range, 1),
      end: bytesOf(range, 2),
      limit: numberOf(range, 3),
      reverse: numberOf(range, 4) === 1,
    };
  });
  const found = store.read(ranges);
  return writeMessage([
    ...found.map((entries) =>
      [1, writeMessage(entries.map((entry) => [1, writeEntry(entry)] as const))] as const
    ),
    [4, true],
    [8, readSucceeded],
  ]);
}

function writeEntry(
  { key, value, encoding, versionstamp }: ReturnType<KvStore["read"]>[number][number],
): Uint8Array<ArrayBuffer> {
  return writeMessage([[1, key], [2, value], [3, encoding], [4, versionstamp]]);
}

function atomicWrite(store: KvStore, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const message = readMessage(body);
  if (manyOf(message, 3).length > 0) throw new LimitError("queues are not served");
  const checks = manyOf(message, 1).map((bytes) => {
    const check = readMessage(bytes);
    return { key: bytesOf(check, 1), versionstamp: bytesOf(check, 2) };
  });
  const written = store.write(checks, manyOf(message, 2).map(readMutation));
  return "failed" in written
    ? writeMessage([[1, checkFailed], [4, packed(written.failed)]])
    : writeMessage([[1, writeSucceeded], [2, written.versionstamp]]);
}

function readMutation(bytes: Uint8Array<ArrayBuffer>): Mutation {
  const mutation = readMessage(bytes);
  const type = mutationTypes[numberOf(mutation, 3)];
  if (type === undefined) throw new RangeError("a mutation has no known type");
  const value = readMessage(bytesOf(mutation, 2));
  return {
    type,
    key: bytesOf(mutation, 1),
    value: bytesOf(value, 1),
    encoding: numberOf(value, 2),
    expireAt: numberOf(mutation, 4),
  };
}

/** A list of small numbers, none above 127. */
function packed(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(numbers);
}

/** Messages that follow their lengths: the state of all keys first, then whatever changes. */
function watch(
  store: KvStore,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const watched = manyOf(readMessage(body), 1).map((bytes) => bytesOf(readMessage(bytes), 1));
  if (watched.length > 10) throw new LimitError("too many keys");
  const over = new AbortController();
  const told: (string | undefined)[] = watched.map(() => undefined);
  return new ReadableStream({
    start(controller) {
      const tell = () => {
        const outputs = watched.map((key, index) => {
          const entry = store.get(key);
          const version = entry?.versionstamp.toHex() ?? "";
          const isChanged = told[index] !== version;
          told[index] = version;
          return { isChanged, entry };
        });
        if (!outputs.some(({ isChanged }) => isChanged)) return;
        const message = writeMessage([
          [1, readSucceeded],
          ...outputs.map(({ isChanged, entry }) => {
            const shown = isChanged && entry !== undefined ? writeEntry(entry) : undefined;
            return [2, writeMessage([[1, isChanged], [2, shown]])] as const;
          }),
        ]);
        const length = new Uint8Array(4);
        new DataView(length.buffer).setUint32(0, message.length, true);
        controller.enqueue(length);
        controller.enqueue(message);
      };
      store.onWrite(tell, over.signal);
      signal.addEventListener("abort", () => {
        if (over.signal.aborted) return;
        over.abort();
        controller.close();
      });
      tell();
    },
    cancel: () => over.abort(),
  });
}
