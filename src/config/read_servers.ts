/** Reads the MCP servers of all configuration files, in the shapes of all editors. @module */

import { basename, dirname } from "node:path";
import { z } from "zod";
import type { Issue } from "../errors/airlock_error.ts";
import type { DisabledServer, ServerConfig } from "./config.ts";
import type { Environment } from "./environment.ts";
import type { VariableSource } from "./expand_variables.ts";
import { pathOf } from "./schema_issues.ts";
import { readServerEntry } from "./server_entry.ts";
import type { ServerEntry } from "./server_entry.ts";
import type { ServerSettings } from "./settings.ts";

/** One file with servers in it. */
export interface ServerSource {
  /** What the file says about servers; its entries are not believed yet. */
  settings: ServerSettings;
  /** The folder of the file, absolute. */
  folder: string;
  /** Stands before paths in notes. @default {nothing} */
  label?: string;
}

/** The servers that were found. */
export interface FoundServers {
  /** Those that can be used. */
  servers: ServerConfig[];
  /** Those that cannot, and why. */
  disabledServers: DisabledServer[];
  /** What was ignored or replaced. */
  notes: Issue[];
}

/**
 * Reads the servers of the given files. Where a name is used twice, the later
 * one holds. An entry that is wrong, or names a variable that is not set,
 * disables that one server.
 */
export async function readServers(
  sources: readonly ServerSource[],
  environment: Environment,
): Promise<FoundServers> {
  const found = new Map<string, ServerEntry>();
  const notes: Issue[] = [];
  for (const { settings, folder, label } of sources) {
    const variables = { environment, folder: workspaceOf(folder), inputs: defaultsOf(settings) };
    for (const [section, name, value] of entriesOf(settings)) {
      const note = (message: string, key?: string) => {
        const path = pathOf(key === undefined ? [section, name] : [section, name, key]);
        notes.push({ path: label === undefined ? path : `${label}: ${path}`, message });
      };
      if (found.delete(name)) note("replaces the server of the same name before it");
      const entry = await readServerEntry(name, value, variables);
      found.set(name, entry);
      if (entry.state === "disabled") note("is disabled");
      else for (const key of entry.ignored) note("is ignored", key);
    }
  }
  const all = [...found.values()];
  return {
    servers: all.flatMap((entry) => entry.state === "usable" ? entry.server : []),
    disabledServers: all.flatMap((entry) => entry.state === "unusable" ? entry.server : []),
    notes,
  };
}

function* entriesOf(settings: ServerSettings): Iterable<[string, string, unknown]> {
  for (const section of ["mcpServers", "servers"] as const) {
    for (const [name, value] of Object.entries(settings[section] ?? {})) {
      yield [section, name, value];
    }
  }
}

/** Editors keep their file in a folder of their own, inside the workspace it is about. */
function workspaceOf(folder: string): string {
  return /^\.(vscode|cursor)$/.test(basename(folder)) ? dirname(folder) : folder;
}

const inputSchema = z.looseObject({
  id: z.string().max(256),
  default: z.string().max(65_536),
});

/** What VS Code fills in before it asks; an empty one stands for none. */
function defaultsOf({ inputs = [] }: ServerSettings): VariableSource["inputs"] {
  const known = inputs.flatMap((input) => inputSchema.safeParse(input).data ?? []);
  return new Map(known.map((input) => [input.id, input.default]));
}
