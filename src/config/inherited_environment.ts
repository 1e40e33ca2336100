/** What an upstream's process inherits of our environment: never the whole. @module */

import { type Environment, readEnvironment } from "./environment.ts";

/** Names that a program needs to run at all; the same as those of the MCP SDK. */
const names = [
  "HOME",
  "LOGNAME",
  "PATH",
  "SHELL",
  "TERM",
  "USER",
  // Windows
  "APPDATA",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "PROCESSOR_ARCHITECTURE",
  "PROGRAMFILES",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "USERNAME",
  "USERPROFILE",
];

/** The variables that every upstream's process gets; what else it needs, its entry names in `env`. */
export function inheritedEnvironment(
  environment: Environment = readEnvironment(),
): Record<string, string> {
  const entries = names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
