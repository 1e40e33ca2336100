/** What a turn cost, where the endpoint says so. @module */

import { z } from "zod";

const withCost = z.object({ cost: z.number().nonnegative() });

/** The cost in US dollars; some endpoints add it to the usage, most do not, and none is made up. */
export function readCost(usage: unknown): { costUsd?: number } {
  const read = withCost.safeParse(usage);
  return read.success ? { costUsd: read.data.cost } : {};
}
