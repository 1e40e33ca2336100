/** The settings of `airlock.json` as people write them, and the parser of their form. @module */

import { z } from "zod";
import { hostSchema, originSchema, portSchema } from "./addresses.ts";
import type { Issue } from "../errors/airlock_error.ts";
import { toIssues } from "./schema_issues.ts";

/** Milliseconds that a timer can wait; bound of all other numbers too. */
const maxNumber = 2_147_483_647;
const maxRules = 10_000;

const count = z.int().nonnegative().max(maxNumber);
const amount = z.int().positive().max(maxNumber);
const line = z.string().min(1).max(4_096);
const glob = z.string().min(1).max(256);
const globs = z.array(glob).max(1_000);
/** The entries of other people's shapes are read one by one. */
const entries = z.record(z.string(), z.unknown()).refine(
  (record) => Object.keys(record).length <= 1_000,
  "must have at most 1000 entries",
);

const limits = z.strictObject({
  timeoutMs: amount,
  cpuMs: amount,
  memoryMb: amount,
  calls: amount,
  callsInFlight: amount,
  argumentBytes: amount,
  answerBytes: amount,
  logBytes: amount,
  resultBytes: amount,
  codeBytes: amount,
}).partial();

const sandbox = z.strictObject({
  isolation: z.enum(["process", "worker"]),
  warm: count,
  maxConcurrent: amount,
  queue: count,
  reuse: count,
  fresh: z.enum(["worker", "realm"]),
}).partial();

const policyRule = z.strictObject({
  tool: glob,
  effect: z.enum(["allow", "deny", "ask", "simulate"]),
  when: line.optional(),
  from: glob.optional(),
});

const privacyRule = z.strictObject({
  tool: glob,
  fields: z.array(glob).max(1_000).default([]),
  patterns: z.array(glob).max(100).default([]),
  reveal: globs.default([]),
});

const key = z.strictObject({
  name: z.string().regex(
    /^[A-Za-z0-9_.-]{1,64}$/,
    'must be 1 to 64 letters, digits, "_", "." or "-"',
  ).refine((name) => name !== "local", 'must not be "local", which is reserved'),
  secret: line,
  tools: globs.default(["*"]),
  mode: z.enum(["code", "passthrough"]).default("code"),
});

const model = z.strictObject({
  baseUrl: line,
  apiKey: line,
  model: line,
  api: z.enum(["chat", "responses"]),
}).partial();

const openapi = z.strictObject({
  document: line,
  baseUrl: line.optional(),
  headers: z.record(z.string().max(256), z.string().max(65_536)).default({}),
});

const serverShape = {
  mcpServers: entries,
  servers: entries,
  inputs: z.array(z.unknown()).max(1_000),
};

const settingsSchema = z.strictObject({
  $schema: line,
  ...serverShape,
  openapi: z.record(z.string().min(1).max(128), openapi),
  listen: z.strictObject({
    host: hostSchema,
    port: portSchema,
    hosts: z.array(hostSchema).max(1_000),
    origins: z.array(originSchema).max(1_000),
  }).partial(),
  data: line,
  kv: line,
  limits,
  sandbox,
  policy: z.array(policyRule).max(maxRules),
  privacy: z.array(privacyRule).max(maxRules),
  keys: z.array(key).max(maxRules),
  model,
}).partial();

/** `airlock.json` with its form checked; `${…}` not expanded yet. */
export type Settings = z.infer<typeof settingsSchema>;

const serverFileSchema = z.looseObject(serverShape).partial();

/** The parts of a file that are about MCP servers, in any of the shapes editors write. */
export type ServerSettings = Pick<Settings, "mcpServers" | "servers" | "inputs">;

/** Parses settings; what is wrong is added to `issues`, and there are no settings then. */
export function parseSettings(value: unknown, issues: Issue[]): Settings {
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  issues.push(...toIssues(parsed.error, settingsSchema));
  return {};
}

/**
 * Parses a file of another program for its MCP servers. What is wrong is added
 * to `issues`, what else the file holds is named in `notes`.
 */
export function parseServerFile(value: unknown, issues: Issue[], notes: Issue[]): ServerSettings {
  const parsed = serverFileSchema.safeParse(value);
  if (!parsed.success) {
    issues.push(...toIssues(parsed.error, serverFileSchema));
    return {};
  }
  const { mcpServers, servers, inputs, $schema: _, ...others } = parsed.data;
  if (mcpServers === undefined && servers === undefined) {
    issues.push({ path: "", message: 'holds neither "mcpServers" nor "servers"' });
  }
  const ignored = Object.keys(others);
  if (ignored.length > 0) notes.push({ path: "", message: `ignored: ${shortList(ignored)}` });
  return { mcpServers, servers, inputs };
}

/** Up to five names, quoted. */
function shortList(names: readonly string[]): string {
  const first = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 64))).join(", ");
  return names.length > 5 ? `${first} and ${names.length - 5} more` : first;
}
