/** What the code of a principal may name, for the check before the run. @module */

import type { CatalogSnapshot } from "../catalog/catalog.ts";
import type { Principal } from "../grants/principal.ts";
import { mayCall } from "../grants/run_grants.ts";
import type { VisibleTools } from "../typescript/check_code.ts";

/** By a catalog, which never changes, and the globs of a principal. */
const known = new WeakMap<CatalogSnapshot, Map<string, VisibleTools>>();

/** The tools that a principal may call, and the servers that have others: the same object each time. */
export function visibleTools(catalog: CatalogSnapshot, principal: Principal): VisibleTools {
  const byGlobs = known.get(catalog) ?? new Map<string, VisibleTools>();
  known.set(catalog, byGlobs);
  const globs = JSON.stringify(principal.tools);
  const visible = byGlobs.get(globs) ?? listVisible(catalog, principal);
  byGlobs.set(globs, visible);
  return visible;
}

function listVisible({ tools, servers }: CatalogSnapshot, principal: Principal): VisibleTools {
  const hidden = new Set<string>();
  const visible = tools.filter((tool) => {
    const isVisible = mayCall(principal, tool);
    if (!isVisible) hidden.add(tool.server);
    return isVisible;
  });
  return { tools: visible, open: servers.filter(({ name }) => hidden.has(name)) };
}
