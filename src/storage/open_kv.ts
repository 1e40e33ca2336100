/** Opens the database. Only `airlock.ts` calls this. @module */

import { join } from "node:path";
import { AirlockError } from "../errors/airlock_error.ts";
import { dataFolderError, makeDataFolder } from "./make_data_folder.ts";

/** Options of {@linkcode openKv}. */
export interface OpenKvOptions {
  /** The data folder, absolute. */
  data: string;
  /** URL of a remote KV, or `:memory:`. @default {a file in the data folder} */
  kv?: string;
  /**
   * Where Airlock runs on Deno Deploy: its deployment. Then the platform's own
   * KV is used, unless `kv` names another. @default {not on Deno Deploy}
   */
  deploymentId?: string;
}

/**
 * Opens the KV: `<data>/airlock.db` in a folder that it makes, or a remote one.
 *
 * @throws {AirlockError} `unavailable`, saying why.
 */
export async function openKv(options: OpenKvOptions): Promise<Deno.Kv> {
  const { data, kv, deploymentId } = options;
  if (kv === ":memory:") return await Deno.openKv(kv);
  if (kv !== undefined) return await openRemote(kv);
  if (deploymentId !== undefined) return await Deno.openKv();
  await makeDataFolder(data);
  return await openFile(data);
}

async function openFile(data: string): Promise<Deno.Kv> {
  const path = join(data, "airlock.db");
  await makeFile(path, data);
  try {
    return await Deno.openKv(path);
  } catch (error) {
    const state = await stateOfFile(path, error);
    throw new AirlockError("unavailable", `Cannot open database "${path}": ${state}`, {
      cause: error,
    });
  }
}

/**
 * Makes the database's file for this user only, and so finds out whether the
 * folder can be written: KV itself does not tell. It is never opened here once
 * it exists, since closing it would drop the locks another connection holds.
 */
async function makeFile(path: string, data: string): Promise<void> {
  try {
    const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    file.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw dataFolderError(data, error);
  }
}

async function stateOfFile(path: string, error: unknown): Promise<string> {
  const said = error instanceof Error ? error.message : "";
  if (said.includes("not a database")) return "the file is not a database";
  if (said.includes("locked")) return "another process has locked it";
  const isFile = await Deno.stat(path).then((found) => found.isFile, () => false);
  if (!isFile) return "it is not a file";
  return said.includes("readonly") ? "the file is read-only" : "the file cannot be read or written";
}

async function openRemote(url: string): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(url);
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const state = said.startsWith("Missing DENO_KV_ACCESS_TOKEN")
      ? "DENO_KV_ACCESS_TOKEN is not set"
      : "it does not answer, or refuses the access token";
    const message = `Cannot open remote KV "${originOf(url)}": ${state}`;
    throw new AirlockError("unavailable", message, { cause: error });
  }
}

/** The part of an address that holds no secret. */
function originOf(url: string): string {
  return URL.parse(url)?.origin ?? "invalid address";
}
