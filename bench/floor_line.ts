/** What a floor process prints: how many Workers a second it made. @module */

import { z } from "zod";

const line = z.strictObject({ workersPerSecond: z.number().positive() });

/** The line a floor process prints. */
export function formatFloorLine(workersPerSecond: number): string {
  return JSON.stringify({ workersPerSecond });
}

/** Reads it back. */
export function parseFloorLine(output: Uint8Array): number {
  return line.parse(JSON.parse(new TextDecoder().decode(output))).workersPerSecond;
}
