/**
 * One data folder, one owner. Who holds the lock on `owner.lock` owns the
 * folder; the operating system frees the lock when the process ends, however it
 * ends. The owner leaves its address in `owner.json`. @module
 */

import { join } from "node:path";
import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { dataFolderError, makeDataFolder } from "./make_data_folder.ts";

/** Where the owner of a data folder listens. */
export interface OwnerAddress {
  /** Its HTTP address, on loopback. */
  url: string;
  /** What lets a process of the same user in; readable by that user only. */
  token: string;
  /** Its process id, for people. */
  pid: number;
  /** Its version of Airlock. */
  version: string;
}

/** The folder is ours until it is disposed of, or the process ends. */
export interface OwnedFolder extends AsyncDisposable {
  /** It is ours. */
  owner: true;
  /** Tells later processes where to go. */
  publish(address: OwnerAddress): Promise<void>;
}

/** The folder belongs to another process, which listens there. */
export interface ForeignFolder {
  /** It is not ours. */
  owner: false;
  /** Where its owner listens. */
  address: OwnerAddress;
}

/** What {@linkcode claimDataFolder} found. */
export type Claim = OwnedFolder | ForeignFolder;

/** Options of {@linkcode claimDataFolder}. */
export interface ClaimOptions {
  /** How long to wait for the address of an owner that is still starting. @default {10000} */
  timeoutMs?: number;
}

/** Longest file that is read as an address. */
const maxAddressBytes = 65_536;

const addressSchema: z.ZodType<OwnerAddress> = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  token: z.string().min(1).max(4_096),
  pid: z.int().positive(),
  version: z.string().max(64),
});

const pathsIn = (data: string) => ({
  /** Held for as long as the folder is owned. Never removed: a new file would be a new lock. */
  lock: join(data, "owner.lock"),
  /** Held for a moment by whoever tries to become owner. */
  gate: join(data, "claim.lock"),
  address: join(data, "owner.json"),
});

/**
 * Makes the folder ours, or gives the address of the process whose it is.
 *
 * @throws {AirlockError} `unavailable` where the folder cannot be used, or its
 * owner has not said in time where it listens.
 */
export async function claimDataFolder(data: string, options: ClaimOptions = {}): Promise<Claim> {
  const { timeoutMs = 10_000 } = options;
  await makeDataFolder(data);
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 5;; pauseMs = Math.min(pauseMs * 2, 200)) {
    const claim = await tryClaim(data);
    if (claim !== undefined) return claim;
    if (performance.now() + pauseMs > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const state = "its owner has not said in time where it listens";
  throw new AirlockError("unavailable", `Cannot open data folder "${data}": ${state}`);
}

/**
 * One try; `undefined` where the owner has not published its address yet.
 *
 * Whoever takes the folder removes the address of the owner before while it
 * still holds the gate. So once the gate is passed and the folder found taken,
 * an address that is there is not one of an owner that is dead.
 */
async function tryClaim(data: string): Promise<Claim | undefined> {
  const paths = pathsIn(data);
  const gate = await tryLock(paths.gate, data);
  if (gate === undefined) return undefined;
  let lock: Deno.FsFile | undefined;
  try {
    lock = await tryLock(paths.lock, data);
    if (lock !== undefined) await removeAddress(paths.address);
  } catch (error) {
    lock?.close();
    throw dataFolderError(data, error);
  } finally {
    gate.close();
  }
  if (lock !== undefined) return ownedFolder(data, lock);
  const address = await readAddress(paths.address, data);
  return address === undefined ? undefined : { owner: false, address };
}

/** The open file while we hold its lock; `undefined` where another process does. */
async function tryLock(path: string, data: string): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(path, { write: true, create: true, mode: 0o600 });
    if (await file.tryLock(true)) return file;
    file.close();
    return undefined;
  } catch (error) {
    file?.close();
    throw dataFolderError(data, error);
  }
}

function ownedFolder(data: string, lock: Deno.FsFile): OwnedFolder {
  const paths = pathsIn(data);
  let isOurs = true;
  return {
    owner: true,
    async publish(address) {
      if (!isOurs) throw new TypeError("Cannot publish an address: the folder was given up");
      await writeAddress(paths.address, addressSchema.parse(address), data);
    },
    async [Symbol.asyncDispose]() {
      if (!isOurs) return;
      isOurs = false;
      try {
        await removeAddress(paths.address);
      } finally {
        lock.close();
      }
    },
  };
}

/** Written beside and renamed, so that nobody reads half of it. */
async function writeAddress(path: string, address: OwnerAddress, data: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    await removeAddress(draft);
    const text = JSON.stringify(address);
    await Deno.writeTextFile(draft, text, { createNew: true, mode: 0o600 });
    await Deno.rename(draft, path);
  } catch (error) {
    throw dataFolderError(data, error);
  }
}

async function readAddress(path: string, data: string): Promise<OwnerAddress | undefined> {
  try {
    if ((await Deno.stat(path)).size > maxAddressBytes) return undefined;
    return addressSchema.safeParse(JSON.parse(await Deno.readTextFile(path))).data;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw dataFolderError(data, error);
  }
}

async function removeAddress(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
