/** Reads the API keys. @module */

import type { KeyConfig } from "./config.ts";
import { expandSetting } from "./expand_setting.ts";
import type { SettingsContext } from "./expand_setting.ts";
import type { Settings } from "./settings.ts";

const minSecretLength = 16;
const maxSecretLength = 4_096;

/** The keys of the configuration, and the one named `default` for `AIRLOCK_API_KEY`. */
export function readKeys(
  keys: Settings["keys"] = [],
  apiKey: string | undefined,
  context: SettingsContext,
): KeyConfig[] {
  const configured = keys.map((key, index) => readKey(key, `keys[${index}].secret`, context));
  for (const [index, key] of configured.entries()) {
    checkUnique(key, configured.slice(0, index), `keys[${index}]`, context);
  }
  return addDefaultKey(configured, apiKey, context);
}

function checkUnique(
  { name, secret }: KeyConfig,
  before: readonly KeyConfig[],
  path: string,
  { issues }: SettingsContext,
): void {
  if (before.some((other) => other.name === name)) {
    issues.push({ path: `${path}.name`, message: `another key is named "${name}" too` });
  }
  const same = secret === "" ? undefined : before.find((other) => other.secret === secret);
  if (same === undefined) return;
  const message = `key "${name}" has the same secret as key "${same.name}"`;
  issues.push({ path: `${path}.secret`, message });
}

function readKey(
  key: NonNullable<Settings["keys"]>[number],
  path: string,
  context: SettingsContext,
): KeyConfig {
  const secret = expandSetting(key.secret, path, context);
  if (secret !== undefined) checkSecret(key.name, secret, path, context);
  return { ...key, secret: secret ?? "" };
}

/**
 * Adds the key of the environment. Where a configured key has the same secret
 * that key holds, since it may be meant to do less.
 */
function addDefaultKey(
  keys: KeyConfig[],
  apiKey: string | undefined,
  context: SettingsContext,
): KeyConfig[] {
  if (apiKey === undefined) return keys;
  const path = "AIRLOCK_API_KEY";
  const same = keys.find(({ secret }) => secret === apiKey);
  if (same !== undefined) {
    context.notes.push({ path, message: `is the secret of key "${same.name}"; no key is added` });
    return keys;
  }
  checkSecret("default", apiKey, path, context);
  const others = keys.filter(({ name }) => name !== "default");
  if (others.length < keys.length) {
    context.notes.push({ path, message: 'replaces the configured key "default"' });
  }
  return [...others, { name: "default", secret: apiKey, tools: ["*"], mode: "code" }];
}

function checkSecret(name: string, secret: string, path: string, context: SettingsContext): void {
  if (secret.length < minSecretLength || secret.length > maxSecretLength) {
    const message = `the secret of key "${name}" must have ${minSecretLength} to ` +
      `${maxSecretLength} characters`;
    context.issues.push({ path, message });
  } else if (!/^[\x21-\x7e]+$/.test(secret)) {
    const message = `the secret of key "${name}" must be printable ASCII without spaces`;
    context.issues.push({ path, message });
  }
}
