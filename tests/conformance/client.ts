/**
 * What the official conformance suite starts as a client: the upstream manager
 * as it is, with a person who says yes to every login and fills in what a form
 * suggests. The suite adds the address of its server. @module
 */

import { z } from "zod";
import type { OAuthConfig, ServerConfig } from "../../src/config/config.ts";
import type { Elicit } from "../../src/mcp/elicitation.ts";
import { Logins } from "../../src/mcp/logins.ts";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import type { ToolArguments } from "../../src/grants/signed_call.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { FakeCatalog, signal } from "../mcp/fixtures/upstream_fixtures.ts";

const clientMetadataUrl = "https://conformance-test.local/client-metadata.json";

const contextSchema = z.looseObject({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  private_key_pem: z.string().optional(),
  signing_algorithm: z.enum(["RS256", "PS256", "ES256", "ES384"]).optional(),
  toolCalls: z.array(z.object({
    name: z.string(),
    arguments: z.record(z.string(), z.json()).optional(),
  })).optional(),
});

const schemaShape = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ type: z.string().optional() })).optional(),
});

const formSchema = z.looseObject({
  properties: z.record(
    z.string(),
    z.looseObject({
      type: z.string().optional(),
      default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
    }),
  ),
});

const url = Deno.args.at(-1) ?? "";
const scenario = Deno.env.get("MCP_CONFORMANCE_SCENARIO") ?? "";
const revision = Deno.env.get("MCP_CONFORMANCE_PROTOCOL_VERSION") ?? "";
const context = contextSchema.parse(JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}"));

const server: ServerConfig = {
  name: "suite",
  transport: "http",
  url,
  headers: {},
  era: eraOf(revision),
  connectTimeoutMs: 120_000,
  callTimeoutMs: 120_000,
  oauth: oauthOf(),
};

using kv = await Deno.openKv(":memory:");
const catalog = new FakeCatalog();
const logins = await Logins.open(kv, crypto.getRandomValues(new Uint8Array(32)));
await using upstreams = new Upstreams(
  { servers: [server], disabledServers: [] },
  { catalog, environment: {}, logins, elicit: fillIn() },
);
upstreams.start();
await upstreams.ready();
await logInWhereWanted();
for (const { name, inputSchema, args } of calls()) {
  await call({ name, inputSchema }, args);
}
const [{ state, reason }] = upstreams.states();
if (state !== "ready") throw new Error(reason);

/** On a machine that starts all clients at once, finding it out by a probe would take too long. */
function eraOf(wanted: string): ServerConfig["era"] {
  if (wanted === "") return "auto";
  return wanted >= "2026" ? "modern" : "legacy";
}

function oauthOf(): OAuthConfig {
  const { client_id, client_secret, private_key_pem, signing_algorithm } = context;
  const isMachine = scenario.startsWith("auth/client-credentials");
  return {
    grant: isMachine ? "client_credentials" : "authorization_code",
    clientId: client_id,
    clientSecret: client_secret,
    privateKey: private_key_pem,
    algorithm: signing_algorithm,
    scopes: [],
    clientMetadataUrl,
  };
}

/** What a browser does with a person who says yes. */
async function logInWhereWanted(): Promise<void> {
  for (let logins = 0; logins < 3; logins++) {
    if (upstreams.states()[0].state !== "needs_auth") return;
    const page = await fetch((await upstreams.login("suite")).url);
    console.error(await page.text());
    await upstreams.reconnect("suite");
  }
}

async function call(tool: ListedTool, args: ToolArguments): Promise<void> {
  const invoke = async () =>
    console.error(await upstreams.invoke(catalog.call("suite", tool.name, args), { signal }));
  try {
    await invoke();
  } catch (error) {
    console.error(String(error));
    if (upstreams.states()[0].state !== "needs_auth") return;
    await logInWhereWanted();
    await invoke().catch((again) => console.error(String(again)));
  }
}

/** The calls that the suite names, else each tool with the least that its schema asks for. */
function calls(): (ListedTool & { args: ToolArguments })[] {
  const tools = catalog.tools.get("suite") ?? [];
  if (context.toolCalls !== undefined) {
    return context.toolCalls.map(({ name, arguments: args = {} }) => {
      const tool = tools.find((listed) => listed.name === name);
      return { ...(tool ?? { name, inputSchema: true }), args };
    });
  }
  return tools.map((tool) => ({ ...tool, args: sampleOf(tool.inputSchema) }));
}

function sampleOf(schema: unknown): ToolArguments {
  const { properties = {} } = schemaShape.safeParse(schema).data ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, sampleValue(type)]),
  );
}

function sampleValue(type: string | undefined): string | number | boolean {
  if (type === "number" || type === "integer") return 5;
  return type === "boolean" ? true : "test";
}

function fillIn(): Elicit {
  return ({ form }) => {
    const fields = Object.entries(formSchema.safeParse(form).data?.properties ?? {});
    const content = Object.fromEntries(fields.map(([name, field]) => [
      name,
      field.default ?? sampleValue(field.type),
    ]));
    return Promise.resolve({ action: "accept", content });
  };
}
