import {
  Client,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { deepStrictEqual, match, strictEqual } from "assert";
import { fileURLToPath } from "node:url";
import { AuthServer, visit } from "../mcp/fixtures/auth_server.ts";
import { overStdio } from "./over_stdio.ts";
import { startServer } from "./start_server.ts";

const asking = fileURLToPath(new URL("./asking_server.ts", import.meta.url));
const config = {
  mcpServers: { asking: { command: Deno.execPath(), args: ["run", "-A", asking] } },
  policy: [{ tool: "asking.pay", effect: "ask" }],
};

type Reply = { action: "accept"; content?: Record<string, string | boolean> } | {
  action: "decline";
};

/** What a person is asked. */
interface Question {
  message: string;
  url?: string;
}

for (const era of ["legacy on stdio", "modern over HTTP"] as const) {
  Deno.test(`a person behind a client is asked what a server wants to know: ${era}`, async () => {
    await using person = await connect(era, { action: "accept", content: { size: "m" } });

    const answer = await person.execute("return await asking.order({})");

    match(person.questions.join(), /^Server "asking" asks: Which size\?$/);
    deepStrictEqual(answer, { action: "accept", content: { size: "m" } });
  });

  Deno.test(`what a person declines reaches the server: ${era}`, async () => {
    await using person = await connect(era, { action: "decline" });

    deepStrictEqual(await person.execute("return await asking.order({})"), { action: "decline" });
  });

  Deno.test(`a person behind a client approves, or not, what the policy asks about: ${era}`, async () => {
    await using yes = await connect(era, { action: "accept", content: { approve: true } });
    await using no = await connect(era, { action: "accept", content: { approve: false } });
    const code = "return await asking.pay({ amount: 3 }).catch((error) => error.code)";

    const paid = await yes.execute(code);
    const refused = await no.execute(code);

    match(yes.questions.join(), /^Airlock asks: may "asking\.pay" be called with {"amount":3}\?/);
    deepStrictEqual([paid, refused], ["paid 3", "tool_denied"]);
  });
}

for (const era of ["legacy on stdio", "modern over HTTP"] as const) {
  Deno.test(`a person behind a client is sent to a login that code needs: ${era}`, async () => {
    await using guarded = new AuthServer();
    const mcpServers = { web: { type: "http", url: guarded.url } };
    const pages: string[] = [];
    await using person = await connect(era, async ({ url }) => {
      const { text } = await visit(url ?? "");
      pages.push(text);
      return { action: "accept" };
    }, { mcpServers });

    const answer = await person.execute("return await web.read({})");

    match(pages.join(), /^Airlock is logged in to "web"/);
    match(person.questions.join(), /^Server "web" asks: it wants you to log in/);
    strictEqual(answer, "Bearer [secret]");
  });
}

Deno.test("a server's question is declined where the client can ask nobody", async () => {
  await using person = await connect("modern over HTTP", undefined);

  const answer = await person.execute("return await asking.order({})");

  deepStrictEqual(answer, { action: "decline" });
  strictEqual(person.questions.length, 0);
});

async function connect(
  era: "legacy on stdio" | "modern over HTTP",
  reply: Reply | ((question: Question) => Promise<Reply>) | undefined,
  settings: unknown = config,
) {
  await using stack = new AsyncDisposableStack();
  const isLegacy = era === "legacy on stdio";
  const transport = isLegacy ? await onStdio(stack, settings) : await overHttp(stack, settings);
  const questions: string[] = [];
  const client = new Client({ name: "person", version: "1" }, {
    versionNegotiation: { mode: isLegacy ? "legacy" : { pin: "2026-07-28" } },
    capabilities: reply === undefined ? {} : { elicitation: { form: {}, url: {} } },
  });
  if (reply !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      questions.push(params.message);
      return typeof reply === "function" ? reply(params) : reply;
    });
  }
  await client.connect(transport);
  stack.defer(() => client.close());
  const all = stack.move();
  return {
    questions,
    async execute(code: string): Promise<unknown> {
      const args = { name: "execute", arguments: { code } };
      const { structuredContent } = await client.callTool(args);
      return Object(structuredContent).result;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function overHttp(stack: AsyncDisposableStack, config: unknown): Promise<Transport> {
  const server = stack.use(await startServer({ config }));
  return new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`));
}

async function onStdio(stack: AsyncDisposableStack, config: unknown): Promise<Transport> {
  const cwd = await Deno.makeTempDir({ prefix: "airlock-test-" });
  stack.defer(() => Deno.remove(cwd, { recursive: true }));
  await Deno.writeTextFile(`${cwd}/airlock.json`, JSON.stringify(config));
  return overStdio(["--data", `${cwd}/data`], cwd);
}
