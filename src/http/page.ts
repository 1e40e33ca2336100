/** Pages of lists. @module */

import { z } from "zod";
import type { Page } from "../runs/run_service.ts";

/** The query of a list whose pages another part makes. */
export const pageQuery = z.object({
  limit: z.coerce.number<string>().int().min(1).max(1_000).optional(),
  cursor: z.string().max(1_024).optional(),
});

/** The query of a list that {@linkcode pageOf} cuts. */
export const offsetQuery = pageQuery.extend({
  cursor: z.string().regex(/^\d{1,9}$/, "must be the cursor of the page before").optional(),
});

/** Cuts one page out of a list that is at hand; without a limit it is one page. */
export function pageOf<T>(all: readonly T[], query: z.output<typeof offsetQuery>): Page<T> {
  const start = Number(query.cursor ?? 0);
  const end = query.limit === undefined ? all.length : start + query.limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, cursor: String(end) } : { items };
}
