/** What a configuration holds once it was read, expanded and checked. @module */

import type { Issue } from "../errors/airlock_error.ts";

/** Bounds of one run: default and maximum at once. A request may lower them. */
export interface Limits {
  /** Wall clock, milliseconds; stands still while the run waits for an approval. @default {30000} */
  timeoutMs: number;
  /** CPU time of the whole host process, milliseconds. @default {10000} */
  cpuMs: number;
  /** Resident memory of the whole host process, MiB. @default {256} */
  memoryMb: number;
  /** Tool calls. @default {256} */
  calls: number;
  /** Tool calls under way at once; further ones wait. @default {32} */
  callsInFlight: number;
  /** UTF-8 bytes of one call's arguments as JSON. @default {1048576} */
  argumentBytes: number;
  /** UTF-8 bytes of one call's answer as JSON. @default {4194304} */
  answerBytes: number;
  /** UTF-8 bytes of log text that are kept. @default {65536} */
  logBytes: number;
  /** UTF-8 bytes of the result as JSON. @default {1048576} */
  resultBytes: number;
  /** UTF-8 bytes of code. @default {262144} */
  codeBytes: number;
}

/** How runs are isolated and how many there may be. */
export interface SandboxConfig {
  /** `process`: a host process without rights per run in flight. @default {"process"} */
  isolation: "process" | "worker";
  /** Hosts kept ready ahead of need. @default {2} */
  warm: number;
  /** Runs under way at once. @default {16} */
  maxConcurrent: number;
  /** Runs that may wait for a place. @default {256} */
  queue: number;
  /** Runs one host may serve for one principal; 0: one run a process. @default {32} */
  reuse: number;
  /** What is new for each run in a reused host. @default {"worker"} */
  fresh: "worker" | "realm";
}

/** How to reach an upstream over stdio. */
export interface StdioServerConfig {
  /** A process of ours that speaks over its standard input and output. */
  transport: "stdio";
  /** The program; found on PATH, never through a shell. */
  command: string;
  /** Handed on as they are. */
  args: string[];
  /** Added to the small environment that a server gets. */
  env: Record<string, string>;
  /** Its working directory. */
  cwd?: string;
}

/** How to reach an upstream over HTTP. */
export interface HttpServerConfig {
  /** `http` falls back to SSE where the server speaks only that; `sse` starts there. */
  transport: "http" | "sse";
  /** Absolute, http or https. */
  url: string;
  /** Sent with every request; usually secrets. An `Authorization` among them takes the place of a login. */
  headers: Record<string, string>;
  /** How to log in where it asks for that. @default {it is found out} */
  oauth?: OAuthConfig;
}

/** How to log in to an upstream by OAuth, where more is known than the upstream tells. */
export interface OAuthConfig {
  /** On behalf of a person, or of this client itself. @default {"authorization_code"} */
  grant: "authorization_code" | "client_credentials";
  /** A client that was registered by hand. @default {by metadata document, else registered dynamically} */
  clientId?: string;
  /** Its secret. */
  clientSecret?: string;
  /** Its private key, PKCS #8 in PEM: signs in place of a secret. */
  privateKey?: string;
  /** What that key signs with. @default {"RS256"} */
  algorithm?: "RS256" | "PS256" | "ES256" | "ES384";
  /** What is asked for. @default {[]: what the server asks for} */
  scopes: string[];
  /** Takes the answer at `http://localhost:PORT/callback`. @default {Airlock's own port} */
  callbackPort?: number;
  /** Metadata of the authorization server, in place of discovery. */
  authServerMetadataUrl?: string;
  /** A public document about this client, https; it names the redirect URI that Airlock uses. */
  clientMetadataUrl?: string;
}

/** One configured MCP server. */
export type ServerConfig = (StdioServerConfig | HttpServerConfig) & {
  /** Its key in the configuration; the namespace comes from it. */
  name: string;
  /** Protocol era. @default {"legacy" for stdio, "auto" for HTTP} */
  era: "auto" | "legacy" | "modern";
  /** How long it may take to connect, milliseconds. @default {30000} */
  connectTimeoutMs: number;
  /** How long one call may take, milliseconds; progress does not extend it past this. @default {300000} */
  callTimeoutMs: number;
};

/** A configured server that cannot be used, and why (an unset variable, say). */
export interface DisabledServer {
  /** Its key in the configuration. */
  name: string;
  /** How it would have been reached. */
  transport: "stdio" | "http" | "sse" | "openapi";
  /** A sentence without secrets. */
  reason: string;
}

/** One rule about tool calls. */
export interface PolicyRule {
  /** Glob over `namespace.member` and over `server.originalTool`; `*` crosses dots. */
  tool: string;
  /** The strictest rule that matches wins: `deny`, `ask`, `simulate`, `allow`. */
  effect: "allow" | "deny" | "ask" | "simulate";
  /** Condition on the call: `arguments.amount > 100`. */
  when?: string;
  /** Holds only in runs that have already had an answer of a tool this glob matches. */
  from?: string;
}

/** What is hidden in answers of tools. */
export interface PrivacyRule {
  /** Glob over the tools it is about. */
  tool: string;
  /** Names of fields whose values are hidden. */
  fields: string[];
  /** Kinds of text that are hidden wherever they stand: `email`. */
  patterns: string[];
  /** Tools whose arguments get the hidden values back. */
  reveal: string[];
}

/** One API key. */
export interface KeyConfig {
  /** The principal's name: `sub` in receipts. */
  name: string;
  /** What the client sends; at least 16 characters. */
  secret: string;
  /** Tools it may call, as globs. */
  tools: string[];
  /** How `/mcp` shows itself to it. @default {"code"} */
  mode: "code" | "passthrough";
}

/** Where the model is. */
export interface ModelConfig {
  /** Address of a compatible API. */
  baseUrl?: string;
  /** Secret of that API. */
  apiKey?: string;
  /** Name of the model. */
  model?: string;
  /** Which of the two APIs it speaks. */
  api?: "chat" | "responses";
}

/** One OpenAPI document as a server of tools. */
export interface OpenApiConfig {
  /** Its key in the configuration. */
  name: string;
  /** URL, or absolute path, of the document. */
  document: string;
  /** In place of the server the document names. */
  baseUrl?: string;
  /** Sent with every request; usually secrets. */
  headers: Record<string, string>;
}

/** Which events are logged: this level and those after it. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The whole configuration. */
export interface Config {
  /** MCP servers to connect to. */
  servers: ServerConfig[];
  /** Servers that are configured and cannot be used. */
  disabledServers: DisabledServer[];
  /** OpenAPI documents that serve as servers. */
  openapi: OpenApiConfig[];
  /** Where the server listens, and by what names it may be addressed. */
  listen: {
    host: string;
    port: number;
    /** Values of `Host` accepted beside loopback names. */
    hosts: string[];
    /** Values of `Origin` accepted beside loopback ones. */
    origins: string[];
  };
  /** Folder for KV and run-time files, absolute. */
  data: string;
  /** Remote Deno KV, or `:memory:`. */
  kv?: string;
  /** Default and maximum of every run. */
  limits: Limits;
  /** How runs are isolated. */
  sandbox: SandboxConfig;
  /** In the order they were written. */
  policy: PolicyRule[];
  /** In the order they were written. */
  privacy: PrivacyRule[];
  /** None: only loopback peers, as `local`. */
  keys: KeyConfig[];
  /** What is absent was not configured. */
  model: ModelConfig;
  /** Private JWK that signs receipts; made at first start where absent. */
  signingKey?: string;
  /** What is logged. @default {"info"} */
  logLevel?: LogLevel;
  /** The configuration file that was read, if any. */
  file?: string;
  /** What was ignored, and other remarks that do not stop a start. */
  notes: Issue[];
}
