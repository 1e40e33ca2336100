/** Reads one entry of `mcpServers` or `servers`, as editors write it. @module */

import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { isHttpUrl } from "./addresses.ts";
import type {
  DisabledServer,
  HttpServerConfig,
  ServerConfig,
  StdioServerConfig,
} from "./config.ts";
import { defaultServerTimeouts } from "./defaults.ts";
import { expandHeaders } from "./expand_headers.ts";
import { createExpander } from "./expand_variables.ts";
import type { Expander, VariableSource } from "./expand_variables.ts";
import { readTextFile } from "./read_config_file.ts";
import { cursorAuthSchema, oauthSchema, readOAuth } from "./read_oauth.ts";
import { toIssues } from "./schema_issues.ts";

/** What became of an entry. */
export type ServerEntry =
  | { state: "usable"; server: ServerConfig; ignored: string[] }
  | { state: "unusable"; server: DisabledServer; ignored: string[] }
  | { state: "disabled"; ignored: string[] };

/** Longer waits overflow the timer. */
const maxTimeoutMs = 2_147_483_647;
const maxText = 65_536;

/** People also write numbers and truth values where a text is meant. */
const text = z.union([z.string().max(maxText), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string().max(maxText), text.nullable());
const timeout = z.number().positive().max(maxTimeoutMs).transform(Math.ceil);

const entrySchema = z.looseObject({
  type: z.string().max(64).nullish(),
  command: z.string().min(1).max(maxText).nullish(),
  args: z.array(text).max(1_000).nullish(),
  env: texts.nullish(),
  envFile: z.string().max(maxText).nullish(),
  cwd: z.string().max(maxText).nullish(),
  url: z.string().max(maxText).nullish(),
  headers: texts.nullish(),
  oauth: oauthSchema.nullish(),
  auth: cursorAuthSchema.nullish(),
  disabled: z.boolean().nullish(),
  enabled: z.boolean().nullish(),
  timeout: timeout.nullish(),
  era: z.enum(["auto", "legacy", "modern"]).nullish(),
  connectTimeoutMs: timeout.nullish(),
  callTimeoutMs: timeout.nullish(),
});

const stdioOnly = ["command", "args", "env", "envFile", "cwd"];
/** Most findings that one reason tells. */
const maxProblems = 5;

type Entry = z.infer<typeof entrySchema>;
type Transport = ServerConfig["transport"];

/** Reads an entry; nothing in it is believed, and one that is wrong spoils no other. */
export async function readServerEntry(
  name: string,
  value: unknown,
  source: VariableSource,
): Promise<ServerEntry> {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const problems = toIssues(parsed.error, entrySchema)
      .map(({ path, message }) => path === "" ? `it ${message}` : `${path} ${message}`);
    return {
      state: "unusable",
      server: disabled(name, guessTransport(value), problems),
      ignored: [],
    };
  }
  const entry = parsed.data;
  if (entry.disabled || entry.enabled === false) return { state: "disabled", ignored: [] };

  const transport = typeOf(entry) ?? (entry.command ? "stdio" : "http");
  const foreign = transport === "stdio" ? ["url", "headers", "oauth", "auth"] : stdioOnly;
  const ignored = Object.keys(entry)
    .filter((key) => foreign.includes(key) || !Object.hasOwn(entrySchema.shape, key));
  const expander = createExpander(source);
  const { reach, problems } = transport === "stdio"
    ? await readStdio(entry, expander, source)
    : readHttp(entry, transport, expander);
  // What a variable that is not set leaves behind is no second mistake.
  const content = expander.problems.length > 0 ? expander.problems : problems;
  const wrong = [...nameProblems(name), ...typeProblems(entry), ...content];
  if (wrong.length > 0) {
    return { state: "unusable", server: disabled(name, transport, wrong), ignored };
  }
  return { state: "usable", server: { ...reach, ...commonOf(name, entry, transport) }, ignored };
}

function nameProblems(name: string): string[] {
  return name.length >= 1 && name.length <= 128 ? [] : ["its name must have 1 to 128 characters"];
}

function typeProblems(entry: Entry): string[] {
  if (!entry.type || typeOf(entry) !== undefined) return [];
  return [`its type ${JSON.stringify(entry.type)} is not supported`];
}

function disabled(name: string, transport: Transport, problems: string[]): DisabledServer {
  const shown = name.slice(0, 128);
  const told = problems.slice(0, maxProblems).join(", ");
  return { name: shown, transport, reason: `Cannot use server "${shown}": ${told}` };
}

/** What an entry that cannot be read was probably meant to be. */
function guessTransport(value: unknown): Transport {
  return typeof value === "object" && value !== null && "url" in value ? "http" : "stdio";
}

/** `type` as editors write it, without dashes. */
const transports: ReadonlyMap<string, Transport> = new Map([
  ["stdio", "stdio"],
  ["sse", "sse"],
  ["http", "http"],
  ["streamablehttp", "http"],
]);

function typeOf({ type }: Entry): Transport | undefined {
  return transports.get((type ?? "").toLowerCase().replace(/[-_]/g, ""));
}

/** A way to reach a server, and what is wrong with it. */
interface Reach<T> {
  reach: T;
  problems: string[];
}

async function readStdio(
  entry: Entry,
  expander: Expander,
  source: VariableSource,
): Promise<Reach<StdioServerConfig>> {
  const { expand } = expander;
  const file = await readEnvFile(entry.envFile ?? undefined, expander, source);
  const reach: StdioServerConfig = {
    transport: "stdio",
    command: expand(entry.command ?? ""),
    args: (entry.args ?? []).map(expand),
    env: Object.fromEntries([
      ...Object.entries(file.env),
      ...presentEntries(entry.env).map(([name, value]) => [name, expand(value)]),
    ]),
  };
  if (entry.cwd) reach.cwd = resolve(source.folder, expand(entry.cwd));

  const problems = [...file.problems];
  if (!entry.command) problems.push('it has no "command"');
  else if (reach.command.trim() === "") problems.push("its command is empty");
  if (Object.keys(reach.env).some((name) => !/^[^=\0]+$/.test(name))) {
    problems.push("a name in its environment is not allowed");
  }
  const all = [reach.command, reach.cwd ?? "", ...reach.args, ...Object.values(reach.env)];
  if (all.some((part) => part.includes("\0"))) problems.push("it holds a zero character");
  return { reach, problems };
}

function readHttp(
  entry: Entry,
  transport: "http" | "sse",
  expander: Expander,
): Reach<HttpServerConfig> {
  const url = expander.expand(entry.url ?? "").trim();
  const { headers, problems } = expandHeaders(
    Object.fromEntries(presentEntries(entry.headers)),
    expander,
  );
  if (!entry.url) problems.push('it has no "url" and no "command"');
  else if (!isHttpUrl(url)) problems.push("its url is not one of http or https");
  const login = readOAuth(entry, expander);
  const reach: HttpServerConfig = { transport, url, headers };
  if (login.oauth !== undefined) reach.oauth = login.oauth;
  return { reach, problems: [...problems, ...login.problems] };
}

/** The variables of an `envFile`. The reason names the path as it was written, not as it expands. */
async function readEnvFile(
  path: string | undefined,
  { expand }: Expander,
  source: VariableSource,
): Promise<{ env: Record<string, string>; problems: string[] }> {
  if (!path) return { env: {}, problems: [] };
  try {
    const variables = parseEnv(await readTextFile(resolve(source.folder, expand(path))));
    return { env: Object.fromEntries(presentEntries(variables)), problems: [] };
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    return { env: {}, problems: [`its envFile ${JSON.stringify(path)} cannot be read`] };
  }
}

/** Entries that have a value; `null` stands for none. */
function presentEntries(
  record: Record<string, string | null | undefined> | null | undefined,
): [string, string][] {
  return Object.entries(record ?? {})
    .flatMap(([name, value]) => typeof value === "string" ? [[name, value]] : []);
}

function commonOf(
  name: string,
  entry: Entry,
  transport: Transport,
): Pick<ServerConfig, "name" | "era" | "connectTimeoutMs" | "callTimeoutMs"> {
  const { connectTimeoutMs, callTimeoutMs } = defaultServerTimeouts;
  return {
    name,
    era: entry.era ?? (transport === "stdio" ? "legacy" : "auto"),
    connectTimeoutMs: entry.connectTimeoutMs ?? connectTimeoutMs,
    callTimeoutMs: entry.callTimeoutMs ?? entry.timeout ?? callTimeoutMs,
  };
}
