/** The process environment: the only place that reads it, and what Airlock takes from it. @module */

import { z } from "zod";
import type { Issue } from "../errors/airlock_error.ts";
import { baseUrlSchema, hostSchema, kvSchema, portMessage, portSchema } from "./addresses.ts";
import type { LogLevel, ModelConfig } from "./config.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says about Airlock itself. */
export interface EnvironmentSettings {
  /** `AIRLOCK_CONFIG` */
  configFile?: string;
  /** `AIRLOCK_HOST` */
  host?: string;
  /** `AIRLOCK_PORT` */
  port?: number;
  /** `AIRLOCK_DATA` */
  data?: string;
  /** `AIRLOCK_KV` */
  kv?: string;
  /** `AIRLOCK_API_KEY` */
  apiKey?: string;
  /** `AIRLOCK_SIGNING_KEY`: a private JWK as JSON text. */
  signingKey?: string;
  /** `AIRLOCK_LOG` */
  logLevel?: LogLevel;
  /** `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL` */
  model: ModelConfig;
}

/** The environment of this process as it is now. */
export function readEnvironment(): Environment {
  return Deno.env.toObject();
}

/** A variable's value; `undefined` where it is not set. Safe for names from outside. */
export function variableOf(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/**
 * Reads Airlock's own variables; an empty one counts as not set. What is wrong
 * is added to `issues`, by name of the variable and without its value.
 */
export function parseEnvironment(environment: Environment, issues: Issue[]): EnvironmentSettings {
  const read = (name: string) => variableOf(environment, name) || undefined;
  const parse = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const text = read(name);
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(text);
    if (!parsed.success) issues.push({ path: name, message: parsed.error.issues[0].message });
    return parsed.data;
  };
  return {
    configFile: read("AIRLOCK_CONFIG"),
    host: parse("AIRLOCK_HOST", hostSchema),
    port: parse("AIRLOCK_PORT", portText),
    data: read("AIRLOCK_DATA"),
    kv: parse("AIRLOCK_KV", kvSchema),
    apiKey: read("AIRLOCK_API_KEY"),
    signingKey: parse("AIRLOCK_SIGNING_KEY", signingKeyText),
    logLevel: parse("AIRLOCK_LOG", logLevelText),
    model: {
      apiKey: read("OPENAI_API_KEY"),
      baseUrl: parse("OPENAI_BASE_URL", baseUrlSchema),
      model: read("OPENAI_MODEL"),
    },
  };
}

const portText = z.string().regex(/^\d{1,5}$/, portMessage)
  .transform(Number).pipe(portSchema);

const logLevelText = z.string().toLowerCase()
  .transform((text) => text === "warning" ? "warn" : text)
  .pipe(z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error"));

const base64Url = z.string().regex(/^[\w-]{43}$/);

const signingJwk = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  d: base64Url,
  x: base64Url.optional(),
});

const signingKeyText = z.string().max(16_384).refine((text) => {
  const parsed = parseJson(text);
  return signingJwk.safeParse(parsed).success;
}, "must be a private Ed25519 key as JWK, in JSON");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
