/**
 * What the operating system can add around a host: optional, found out once at
 * start by trying it, and never counted on. On other systems than Linux there is
 * none of it. @module
 */

import { logger } from "../log/log.ts";

const log = logger("sandbox");

/** What is put before a host's command, and what that gives. */
export interface Hardening {
  /** Programs that each start what follows them; empty where none works. */
  prefix: string[];
  /** The layers in force, in words. */
  layers: string[];
}

/** What {@linkcode probeHardening} needs to know of a host. */
export interface HardeningOptions {
  /** The program that a host is. */
  command: string;
  /** Files that a host must be able to read as another user. */
  readable: string[];
  /** The run's share of memory, MiB. */
  memoryMb: number;
  /** A folder that hosts write to; becomes the other user's where there is one. */
  folder: string;
}

/** A way to start a program, and the layer that it adds. */
interface Step {
  command: string[];
  layer: string;
}

/** `nobody`: owns nothing. */
const nobody = 65_534;
/** Address space that a Deno process takes at its start without using it, MiB. */
const reservedMb = 2_048;
/** Where the programs of util-linux are; nothing is looked up on PATH. */
const folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** No hardening: what every system has. */
export const noHardening: Hardening = { prefix: [], layers: [] };

/** Finds out, by trying each, which layers this system allows. */
export async function probeHardening(options: HardeningOptions): Promise<Hardening> {
  if (Deno.build.os !== "linux") return noHardening;
  const [unshare, setpriv, prlimit] = await Promise.all(
    ["unshare", "setpriv", "prlimit"].map(find),
  );
  const steps = (await Promise.all([
    firstThatWorks(namespaces(unshare)),
    firstThatWorks(privileges(setpriv, await giveAway(options.folder)), options),
    firstThatWorks(limits(prlimit, options.memoryMb)),
  ])).filter((step) => step !== undefined);
  const prefix = steps.flatMap(({ command }) => [...command, "--"]);
  // Each works by itself; whether all do together, a real start must show.
  if (prefix.length > 0 && !await works([...prefix, options.command, "--version"])) {
    log.warn("hardening is off: its layers do not work together", { prefix });
    return noHardening;
  }
  return { prefix, layers: steps.map(({ layer }) => layer) };
}

function namespaces(unshare: string | undefined): Step[] {
  if (unshare === undefined) return [];
  const layer = "empty network and IPC namespaces";
  return [
    { command: [unshare, "--net", "--ipc", "--uts"], layer },
    { command: [unshare, "--user", "--map-root-user", "--net", "--ipc", "--uts"], layer },
  ];
}

function privileges(setpriv: string | undefined, mayBeNobody: boolean): Step[] {
  if (setpriv === undefined) return [];
  const none = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
  const user = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const plain = { command: [setpriv, "--no-new-privs"], layer: "no new privileges" };
  const layer = "another user, no capabilities, no new privileges";
  return mayBeNobody ? [{ command: [setpriv, ...user, ...none], layer }, plain] : [plain];
}

/** Makes a folder `nobody`'s; where that is not allowed, hosts stay who we are. */
async function giveAway(folder: string): Promise<boolean> {
  try {
    await Deno.chown(folder, nobody, nobody);
    return true;
  } catch (error) {
    log.debug("hosts run as this user", { error });
    return false;
  }
}

function limits(prlimit: string | undefined, memoryMb: number): Step[] {
  if (prlimit === undefined) return [];
  const dataBytes = (reservedMb + 4 * memoryMb) * 1_048_576;
  const command = [prlimit, "--core=0", "--nofile=256", "--fsize=16777216", `--data=${dataBytes}`];
  return [{ command, layer: "limits on memory, files and core dumps" }];
}

/** The first step under which `true` runs, and a host can be read. */
async function firstThatWorks(
  steps: Step[],
  { command, readable }: Pick<HardeningOptions, "command" | "readable"> = {
    command: "/bin/true",
    readable: [],
  },
): Promise<Step | undefined> {
  for (const step of steps) {
    const trials = [
      [command, "--version"],
      ...readable.map((path) => ["/usr/bin/test", "-r", path]),
    ];
    const all = await Promise.all(trials.map((trial) => works([...step.command, "--", ...trial])));
    if (all.every(Boolean)) return step;
  }
  return undefined;
}

async function works([command, ...args]: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      clearEnv: true,
      cwd: "/",
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    log.debug("hardening probe failed", { command, error });
    return false;
  }
}

async function find(program: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = `${folder}/${program}`;
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
