/** Chooses the folder for the database and run-time files. @module */

import { dirname, join, resolve } from "node:path";
import type { Environment } from "./environment.ts";
import { variableOf } from "./environment.ts";
import { homeOf } from "./expand_variables.ts";

/** Options of {@linkcode chooseDataFolder}: what was said, strongest first. */
export interface DataFolderOptions {
  /** From the command line or the environment; relative to `cwd`. */
  named?: string;
  /** From the configuration file; relative to its folder. */
  configured?: string;
  /** The configuration file that was found, absolute. */
  file?: string;
  /** What the caller prefers where there is no configuration file. */
  preferred?: string;
  /** The working directory, absolute. */
  cwd: string;
  /** Names the home folder. */
  environment: Environment;
  /** The operating system. @default {Deno.build.os} */
  platform?: string;
}

/**
 * The data folder, absolute: the one that was named, else `.airlock` beside the
 * configuration file; without one `.airlock` in the working directory if it is
 * there, else what the caller prefers, else the user's folder for such data.
 */
export async function chooseDataFolder(options: DataFolderOptions): Promise<string> {
  const { named, configured, file, preferred, cwd, environment } = options;
  if (named !== undefined) return resolve(cwd, named);
  const folder = file === undefined ? cwd : dirname(file);
  if (configured !== undefined) return resolve(folder, configured);
  const beside = join(folder, ".airlock");
  if (file !== undefined || await isFolder(beside)) return beside;
  if (preferred !== undefined) return resolve(cwd, preferred);
  return userDataFolder(environment, options.platform ?? Deno.build.os) ?? beside;
}

/** Where the platform keeps a user's data; `undefined` where the user has no home. */
function userDataFolder(environment: Environment, platform: string): string | undefined {
  const home = homeOf(environment);
  if (platform === "windows") {
    const local = variableOf(environment, "LOCALAPPDATA");
    return local ? join(local, "airlock") : undefined;
  }
  if (platform === "darwin") return home && join(home, "Library", "Application Support", "airlock");
  const xdg = variableOf(environment, "XDG_DATA_HOME");
  if (xdg?.startsWith("/")) return join(xdg, "airlock");
  return home && join(home, ".local", "share", "airlock");
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
