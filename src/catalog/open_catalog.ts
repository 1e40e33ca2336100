/** Puts the catalog together with what KV remembers of its tools. @module */

import { Catalog } from "./catalog.ts";
import { ObservedAnswers } from "./observed_answers.ts";
import { Pins } from "./pins.ts";

/** A catalog and its memory. Servers hand their lists to `pins`, not to the catalog. */
export interface OpenedCatalog extends AsyncDisposable {
  /** The tools as they may be called now. */
  readonly catalog: Catalog;
  /** What each tool was when it was first seen or last accepted. */
  readonly pins: Pins;
  /** The form of what each tool has answered so far. */
  readonly observed: ObservedAnswers;
}

/** Reads what is remembered; when disposed of, what is not yet stored is stored. */
export async function openCatalog(kv: Deno.Kv): Promise<OpenedCatalog> {
  const observed = await ObservedAnswers.open(kv);
  const catalog = new Catalog({ observed: (server, hash) => observed.schemaOf(server, hash) });
  observed.onChange((server, hash) => catalog.refreshObserved(server, hash));
  const pins = await Pins.open(kv, catalog);
  return {
    catalog,
    pins,
    observed,
    async [Symbol.asyncDispose]() {
      await pins[Symbol.asyncDispose]();
      await observed[Symbol.asyncDispose]();
    },
  };
}
