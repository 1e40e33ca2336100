/** Loads the configuration: command line over environment over file over defaults. @module */

import { basename, dirname, join, resolve } from "node:path";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Issue } from "../errors/airlock_error.ts";
import { hostSchema, kvSchema, portMessage, portSchema } from "./addresses.ts";
import { checkRules } from "./check_rules.ts";
import type { RuleChecks } from "./check_rules.ts";
import type { Config, ServerConfig } from "./config.ts";
import { chooseDataFolder } from "./data_folder.ts";
import { defaultLimits, defaultListen, defaultSandbox } from "./defaults.ts";
import { parseEnvironment, readEnvironment } from "./environment.ts";
import type { Environment, EnvironmentSettings } from "./environment.ts";
import { expandSetting } from "./expand_setting.ts";
import type { SettingsContext } from "./expand_setting.ts";
import { readConfigFile } from "./read_config_file.ts";
import { readKeys } from "./read_keys.ts";
import { readModel } from "./read_model.ts";
import { readOpenApi } from "./read_openapi.ts";
import { readServers } from "./read_servers.ts";
import type { FoundServers, ServerSource } from "./read_servers.ts";
import { parseServerFile, parseSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** Options of {@linkcode loadConfig}. */
export interface LoadConfigOptions extends RuleChecks {
  /** `--config`: the configuration file. @default {AIRLOCK_CONFIG, else "airlock.json"} */
  configFile?: string;
  /** Settings in the form of `airlock.json`, in place of a file. @default {a file is read} */
  settings?: unknown;
  /** `--mcp-config`: files of other programs. @default {none} */
  mcpConfigFiles?: readonly string[];
  /** `--host` */
  host?: string;
  /** `--port` */
  port?: number;
  /** `--data` */
  data?: string;
  /** What relative paths on the command line start from. @default {Deno.cwd()} */
  cwd?: string;
  /** Variables by name. @default {the environment of the process} */
  environment?: Environment;
  /** Servers where there is no configuration file at all. @default {none} */
  embeddedServers?: readonly ServerConfig[];
  /** The data folder where there is no configuration file. @default {the user's data folder} */
  defaultData?: string;
}

/**
 * Loads, expands and checks the whole configuration. A server that cannot be
 * used is in `disabledServers`; what was ignored is in `notes`.
 *
 * @throws {AirlockError} `invalid_config` with all that is wrong as `issues`.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const cwd = resolve(options.cwd ?? Deno.cwd());
  const environment = options.environment ?? readEnvironment();
  const issues: Issue[] = [];
  const notes: Issue[] = [];

  const fromEnvironment = parseEnvironment(environment, issues);
  const file = await findConfigFile(options, fromEnvironment, cwd);
  const value = file === undefined ? asJson(options.settings) : await readConfigFile(file);
  const settings = value === undefined ? {} : parseSettings(value, issues);
  const folder = file === undefined ? cwd : dirname(file);
  const context = { variables: { environment, folder }, issues, notes };

  const sources = [{ settings, folder }, ...await readServerFiles(options, cwd, context)];
  const isBare = value === undefined && sources.length === 1;
  const found = isBare ? embedded(options) : await readServers(sources, environment);
  notes.push(...found.notes);
  const names = [...found.servers, ...found.disabledServers].map(({ name }) => name);
  const documents = readOpenApi(settings.openapi, context.variables, names, issues);
  issues.push(...checkRules(settings, options));
  const config = {
    servers: found.servers,
    disabledServers: [...found.disabledServers, ...documents.disabledServers],
    openapi: documents.openapi,
    listen: chooseListen(options, fromEnvironment, settings, issues),
    kv: fromEnvironment.kv ?? readKv(settings.kv, context),
    limits: { ...defaultLimits, ...settings.limits },
    sandbox: { ...defaultSandbox, ...settings.sandbox },
    policy: settings.policy ?? [],
    privacy: settings.privacy ?? [],
    keys: readKeys(settings.keys, fromEnvironment.apiKey, context),
    model: readModel(settings.model, fromEnvironment.model, context),
    signingKey: fromEnvironment.signingKey,
    logLevel: fromEnvironment.logLevel ?? "info",
    file,
    notes,
  };
  const data = await chooseDataFolder({
    named: options.data ?? fromEnvironment.data,
    configured: expandOptional(settings.data, "data", context),
    file,
    preferred: options.defaultData,
    cwd,
    environment,
  });
  assertNoIssues(issues, file);
  return { ...config, data };
}

/** The file that was named, or the one in the working directory if it is there. */
async function findConfigFile(
  options: LoadConfigOptions,
  fromEnvironment: EnvironmentSettings,
  cwd: string,
): Promise<string | undefined> {
  if (options.settings !== undefined) return undefined;
  const named = options.configFile ?? fromEnvironment.configFile;
  if (named !== undefined) return resolve(cwd, named);
  const usual = join(cwd, "airlock.json");
  try {
    await Deno.lstat(usual);
    return usual;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new AirlockError("invalid_config", `Cannot look for "${usual}"`, { cause: error });
  }
}

/** A value of our own program as a file would hold it: without fields that are `undefined`. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

async function readServerFiles(
  options: LoadConfigOptions,
  cwd: string,
  { issues, notes }: SettingsContext,
): Promise<ServerSource[]> {
  const sources: ServerSource[] = [];
  for (const name of options.mcpConfigFiles ?? []) {
    const path = resolve(cwd, name);
    const label = basename(path);
    const labelled = (found: Issue[]) =>
      found.map((item) => ({ ...item, path: item.path ? `${label}: ${item.path}` : label }));
    const wrong: Issue[] = [];
    const ignored: Issue[] = [];
    const settings = parseServerFile(await readConfigFile(path), wrong, ignored);
    issues.push(...labelled(wrong));
    notes.push(...labelled(ignored));
    sources.push({ settings, folder: dirname(path), label });
  }
  return sources;
}

function embedded({ embeddedServers = [] }: LoadConfigOptions): FoundServers {
  return { servers: [...embeddedServers], disabledServers: [], notes: [] };
}

function chooseListen(
  options: LoadConfigOptions,
  fromEnvironment: EnvironmentSettings,
  settings: Settings,
  issues: Issue[],
): Config["listen"] {
  const { host, port } = options;
  if (host !== undefined && !hostSchema.safeParse(host).success) {
    issues.push({ path: "--host", message: "must be a host name or an address" });
  }
  if (port !== undefined && !portSchema.safeParse(port).success) {
    issues.push({ path: "--port", message: portMessage });
  }
  const { listen = {} } = settings;
  return {
    host: host ?? fromEnvironment.host ?? listen.host ?? defaultListen.host,
    port: port ?? fromEnvironment.port ?? listen.port ?? defaultListen.port,
    hosts: listen.hosts ?? [],
    origins: listen.origins ?? [],
  };
}

function readKv(text: string | undefined, context: SettingsContext): string | undefined {
  const kv = expandOptional(text, "kv", context);
  const parsed = kvSchema.optional().safeParse(kv);
  if (parsed.error) context.issues.push({ path: "kv", message: parsed.error.issues[0].message });
  return parsed.data;
}

function expandOptional(
  text: string | undefined,
  path: string,
  context: SettingsContext,
): string | undefined {
  return text === undefined ? undefined : expandSetting(text, path, context);
}

function assertNoIssues(issues: readonly Issue[], file: string | undefined): void {
  if (issues.length === 0) return;
  const what = file === undefined ? "the configuration" : `configuration "${file}"`;
  const first = `${issues[0].path} ${issues[0].message}`.trim();
  const others = issues.length > 1 ? `, and ${issues.length - 1} more` : "";
  throw new AirlockError("invalid_config", `Cannot use ${what}: ${first}${others}`, { issues });
}
