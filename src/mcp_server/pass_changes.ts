/** Tells when what servers list has changed, once Airlock itself knows. @module */

import type { CatalogSnapshot } from "../catalog/catalog.ts";

const TOOLS_CHANGED = "notifications/tools/list_changed";

/** Where changes come from. */
export interface ChangeSources {
  /** The tools of all servers. */
  catalog: {
    snapshot(): CatalogSnapshot;
    onChange(listener: (snapshot: CatalogSnapshot) => void): () => void;
  };
  /** What servers say unasked. */
  upstreams: { onNotification(listener: (server: string, method: string) => void): () => void };
}

/**
 * Tells of changed lists until disposed of: of tools once the catalog holds
 * the new ones, of all else when the server says so.
 */
export function listenForChanges(
  { catalog, upstreams }: ChangeSources,
  listener: (server: string, method: string) => void,
): Disposable {
  let before = catalog.snapshot();
  const endTools = catalog.onChange((after) => {
    for (const server of changedServers(before, after)) listener(server, TOOLS_CHANGED);
    before = after;
  });
  const endOthers = upstreams.onNotification((server, method) => {
    if (method.endsWith("/list_changed") && method !== TOOLS_CHANGED) listener(server, method);
  });
  return {
    [Symbol.dispose]() {
      endTools();
      endOthers();
    },
  };
}

/** Tools that did not change stay the same objects. */
function changedServers(before: CatalogSnapshot, after: CatalogSnapshot): Set<string> {
  const [old, now] = [new Set(before.tools), new Set(after.tools)];
  return new Set([...old.symmetricDifference(now)].map(({ server }) => server));
}
