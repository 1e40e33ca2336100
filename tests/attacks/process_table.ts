/** What Linux tells of processes. Elsewhere nothing is known, and nothing is asserted. @module */

/** Whether this system tells. */
export const hasProcessTable = Deno.build.os === "linux";

/** One process. */
export interface ProcessState {
  pid: number;
  parent: number;
  /** CPU time, milliseconds. */
  cpuMs: number;
  residentMb: number;
}

/** The living children of a process. */
export function childrenOf(parent: number): ProcessState[] {
  if (!hasProcessTable) return [];
  return [...Deno.readDirSync("/proc")]
    .filter(({ name }) => /^\d+$/.test(name))
    .map(({ name }) => processState(Number(name)))
    .filter((state) => state !== undefined)
    .filter((state) => state.parent === parent);
}

/** One process; `undefined` where it is gone, or dead and not yet buried. */
export function processState(pid: number): ProcessState | undefined {
  const fields = readStat(pid);
  if (fields === undefined || fields[0] === "Z") return undefined;
  return {
    pid,
    parent: Number(fields[1]),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * 10,
    residentMb: Number(fields[21]) / 256,
  };
}

/** The open descriptors of a process. */
export function descriptorsOf(pid: number): number {
  return hasProcessTable ? [...Deno.readDirSync(`/proc/${pid}/fd`)].length : 0;
}

function readStat(pid: number): string[] | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    // It ended between the listing and the reading.
    const isGone = error instanceof Deno.errors.NotFound ||
      (error instanceof Error && "code" in error && error.code === "ESRCH");
    if (isGone) return undefined;
    throw error;
  }
}
