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
  return pick(environment, names);
}

/** Names by which Deno finds its cache, its registry and whom to trust. */
const denoNames = [
  "DENO_CERT",
  "DENO_DIR",
  "DENO_TLS_CA_STORE",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "NO_PROXY",
  "NPM_CONFIG_REGISTRY",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "XDG_CACHE_HOME",
];

/** What a Deno program of our own needs beside that, to find what is in the cache already. */
export function denoEnvironment(
  environment: Environment = readEnvironment(),
): Record<string, string> {
  return pick(environment, denoNames);
}

function pick(environment: Environment, wanted: readonly string[]): Record<string, string> {
  return Object.fromEntries(wanted.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  }));
}
