/** What a process uses, from the operating system and not from what it says. @module */

/** CPU time and resident memory of a process, all its threads together. */
export interface ProcessUsage {
  /** Since it started, milliseconds. */
  cpuMs: number;
  /** Now, MiB. */
  residentMb: number;
}

/** Clock ticks a second in `/proc`: 100 on every Linux that Deno runs on. */
const ticksPerSecond = 100;
/** Found out from this process, whose resident bytes and pages are both known. */
const pageBytes = Deno.build.os === "linux" ? measurePageBytes() : 4_096;

/** Resident memory of a process, MiB; `undefined` where nobody can know. */
export function residentMb(pid: number): number | undefined {
  return processUsage(pid)?.residentMb;
}

/**
 * What a process uses now; `undefined` where it is gone, or where this platform
 * has no `/proc`: there the wall clock and V8's heap limit are what bounds it.
 */
export function processUsage(pid: number): ProcessUsage | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    const fields = statFields(pid);
    const ticks = Number(fields[11]) + Number(fields[12]);
    const residentPages = Number(fields[21]);
    return {
      cpuMs: ticks * 1_000 / ticksPerSecond,
      residentMb: residentPages * pageBytes / 1_048_576,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || isGone(error)) return undefined;
    throw error;
  }
}

/** Reading of a process that ends at this moment fails with ESRCH. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}

/** The fields of `/proc/PID/stat` from the third on: the second may hold anything. */
function statFields(pid: number | "self"): string[] {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function measurePageBytes(): number {
  const ratio = Deno.memoryUsage().rss / Number(statFields("self")[21]);
  return 2 ** Math.round(Math.log2(ratio));
}
