/**
 * The server that the conformance suite calls by name, in both protocol eras:
 * what the suite's scenarios ask for, made with the SDK. Airlock passes it
 * through. Run as a program it prints its address. @module
 */

import {
  createMcpHandler,
  isLegacyRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { addFixedTools, addPrompts, addResources } from "./fixture_content.ts";
import { addAskingTools, addRichSchema, addTellingTools } from "./fixture_requests.ts";
import { addOtherRounds, addRoundTools, states } from "./fixture_rounds.ts";

/** A fixture that listens. */
export interface Fixture extends AsyncDisposable {
  /** Its endpoint. */
  readonly url: string;
}

/** What the tools change, and who is told. */
class Changes {
  extraTool = false;
  extraPrompt = false;
  readonly told: ((what: "tools" | "prompts") => void)[] = [];

  tell(what: "tools" | "prompts"): void {
    for (const listener of this.told) listener(what);
  }
}

/** What comes and goes, by the list it is in. */
type ChangingThings = Record<
  "tools" | "prompts",
  { enabled: boolean; enable(): void; disable(): void }
>;

/** Starts the fixture on a free port. */
export function startFixture(): Fixture {
  const changes = new Changes();
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const modern = createMcpHandler(() => createServer(changes).server, { legacy: "reject" });
  changes.told.push((what) => {
    if (what === "tools") modern.notify.toolsChanged();
    else modern.notify.promptsChanged();
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (!await isLegacyRequest(request)) return await modern.fetch(request);
      const id = request.headers.get("mcp-session-id");
      if (id === null) return await begin(request, changes, sessions);
      const known = sessions.get(id);
      return await known?.handleRequest(request) ??
        new Response("no such session", { status: 404 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      await modern.close();
      await server.shutdown();
    },
  };
}

async function begin(
  request: Request,
  changes: Changes,
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>,
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  const { server, things } = createServer(changes);
  // The SDK tells the client of each change.
  changes.told.push((what) => {
    if (things[what].enabled) things[what].disable();
    else things[what].enable();
  });
  await server.connect(transport);
  return await transport.handleRequest(request);
}

function createServer(changes: Changes): { server: McpServer; things: ChangingThings } {
  const server = new McpServer({ name: "conformance-fixture", version: "1.0.0" }, {
    capabilities: {
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
      logging: {},
      completions: {},
    },
    requestState: { verify: states.verify },
  });
  addFixedTools(server);
  addResources(server);
  addPrompts(server);
  addTellingTools(server);
  addAskingTools(server);
  addRichSchema(server);
  addRoundTools(server);
  addOtherRounds(server);
  const things = addChangingThings(server, changes);
  // The suite subscribes, and looks no further than that.
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
  return { server, things };
}

function addChangingThings(server: McpServer, changes: Changes): ChangingThings {
  const none = { description: "Comes and goes" };
  const tool = server.registerTool("test_extra_tool", none, () => ({ content: [] }));
  const prompt = server.registerPrompt("test_extra_prompt", none, () => ({ messages: [] }));
  if (!changes.extraTool) tool.disable();
  if (!changes.extraPrompt) prompt.disable();
  const trigger = (name: string, what: "tools" | "prompts") =>
    server.registerTool(name, { description: "Changes a list" }, () => {
      if (what === "tools") changes.extraTool = !changes.extraTool;
      else changes.extraPrompt = !changes.extraPrompt;
      changes.tell(what);
      return { content: [{ type: "text", text: "changed" }] };
    });
  trigger("test_trigger_tool_change", "tools");
  trigger("test_trigger_prompt_change", "prompts");
  return { tools: tool, prompts: prompt };
}

if (import.meta.main) console.log(startFixture().url);
