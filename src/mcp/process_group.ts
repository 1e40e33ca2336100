/** A program with everything it started, as one thing that can be ended. @module */

import process from "node:process";
import { delay, settlesWithin } from "./delay.ts";

/** How often a group is looked at while it ends: there is no event for grandchildren. */
const pollMs = 10;

/** What {@linkcode startGroup} starts. */
export interface GroupCommand {
  /** The program; found on the PATH of `env`, never through a shell. */
  command: string;
  /** Its arguments, as they are. */
  args: string[];
  /** Its whole environment. */
  env: Record<string, string>;
  /** Its working directory. */
  cwd?: string;
}

/** Starts a program in a session of its own, so that signals reach its descendants too. */
export function startGroup(command: GroupCommand): Deno.ChildProcess {
  const { args, env, cwd } = command;
  return new Deno.Command(command.command, {
    args,
    env,
    cwd,
    clearEnv: true,
    detached: Deno.build.os !== "windows",
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Ends a program whose input was closed, and all it started: it gets
 * `graceMs` to leave by itself, the same again after SIGTERM, then SIGKILL.
 * Resolves when none of them is left.
 */
export async function endGroup(child: Deno.ChildProcess, graceMs: number): Promise<void> {
  if (!await settlesWithin(child.status, graceMs)) {
    signalGroup(child, "SIGTERM");
    if (!await settlesWithin(child.status, graceMs)) signalGroup(child, "SIGKILL");
  }
  await child.status;
  await endRest(child, graceMs);
}

/** Ends the descendants that outlived their program. */
async function endRest(child: Deno.ChildProcess, graceMs: number): Promise<void> {
  if (!isAlive(child)) return;
  signalGroup(child, "SIGTERM");
  for (let waitedMs = 0; waitedMs < graceMs && isAlive(child); waitedMs += pollMs) {
    await delay(pollMs);
  }
  if (isAlive(child)) signalGroup(child, "SIGKILL");
}

function signalGroup(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    if (Deno.build.os === "windows") child.kill(signal);
    else Deno.kill(-child.pid, signal);
  } catch (error) {
    // Gone already is what was wanted.
    if (!isGone(error)) throw error;
  }
}

function isAlive(child: Deno.ChildProcess): boolean {
  if (Deno.build.os === "windows") return false;
  try {
    return process.kill(-child.pid, 0);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound || error instanceof TypeError) return true;
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
