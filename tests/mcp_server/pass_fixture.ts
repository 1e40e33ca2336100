/** A whole Airlock in this process that passes the conformance fixture through, and clients of it. @module */

import {
  Client,
  type ClientCapabilities,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { type Airlock, createAirlock } from "../../src/airlock.ts";
import { type Fixture, startFixture } from "../conformance/fixture_server.ts";

/** What is passed through, and how. */
export interface OpenPassThroughOptions {
  /** How Airlock speaks to the fixture. @default {"legacy"} */
  era?: "legacy" | "modern";
  /** Further settings. */
  settings?: Record<string, unknown>;
  /** Keys of the servers; each is the same fixture. @default {["everything"]} */
  servers?: string[];
  /** Entries of further servers. @default {{}} */
  extraServers?: Record<string, unknown>;
}

/** An Airlock in pass-through mode. */
export interface PassThrough extends AsyncDisposable {
  readonly airlock: Airlock;
  /** Connects a client. */
  connect(options?: ConnectOptions): Promise<Client & AsyncDisposable>;
  /** Sends one request to `/mcp`. */
  send(query: string, init?: RequestInit): Promise<Response>;
  /** The receipts of the newest run, without their signatures. */
  newestReceipts(): Promise<Record<string, unknown>[]>;
}

/** How a client connects. */
export interface ConnectOptions {
  era?: "legacy" | "modern";
  capabilities?: ClientCapabilities;
  /** Beside the mode. @default {""} */
  query?: string;
  /** A key. */
  bearer?: string;
}

/** Opens it, with the fixture behind it. */
export async function openPassThrough(options: OpenPassThroughOptions = {}): Promise<PassThrough> {
  const { era = "legacy", settings = {}, servers = ["everything"] } = options;

  await using stack = new AsyncDisposableStack();
  const fixture: Fixture = stack.use(startFixture());
  const entry = { type: "http", url: fixture.url, era };
  const airlock = stack.use(
    await createAirlock({
      kv: ":memory:",
      sandbox: { warm: 0 },
      mcpServers: {
        ...Object.fromEntries(servers.map((name) => [name, entry])),
        ...options.extraServers,
      },
      ...settings,
    }),
  );
  const answer = (request: Request) => airlock.fetch(request);
  const all = stack.move();
  return {
    airlock,
    send: (query, init) => answer(new Request(`http://127.0.0.1/mcp?${query}`, init)),
    connect: (given) => connect(answer, given),
    async newestReceipts() {
      const { items } = await airlock.runs.list({ name: "local", tools: ["*"] });
      const receipts = await airlock.runs.receipts(items[0].id, { name: "local", tools: ["*"] });
      return receipts.map(claimsOf);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function connect(
  answer: (request: Request) => Promise<Response>,
  { era = "legacy", capabilities = {}, query = "", bearer }: ConnectOptions = {},
): Promise<Client & AsyncDisposable> {
  const mode = era === "legacy" ? "legacy" : { pin: "2026-07-28" };
  const client = new Client({ name: "test", version: "1" }, {
    capabilities,
    versionNegotiation: { mode },
  });
  const transport = new StreamableHTTPClientTransport(
    new URL(`http://127.0.0.1/mcp?mode=passthrough${query}`),
    {
      fetch: (url, init) => answer(new Request(url, init)),
      requestInit: bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } },
    },
  );
  await client.connect(transport);
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      if (era === "legacy") await transport.terminateSession();
      await client.close();
    },
  });
}

function claimsOf(receipt: string): Record<string, unknown> {
  const [, claims] = receipt.split(".");
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(claims, {
    alphabet: "base64url",
  })));
}
