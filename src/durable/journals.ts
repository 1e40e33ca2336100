/** The records of all durable runs in KV. @module */

import { z } from "zod";
import type { Journals, StoredRun } from "../runs/run_journal.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";
import { deleteJournal, openJournal } from "./journal.ts";

const keys = { run: (id: string) => ["durable_run", id] };

/** Written by us alone, and read back as it was. */
const storedSchema = z.custom<StoredRun>((value) =>
  z.looseObject({
    request: z.looseObject({ code: z.string() }),
    limits: z.looseObject({}),
    start: z.object({ at: z.number(), seed: z.string() }),
  }).safeParse(value).success
);

/** Keeps them in this database. */
export function openJournals(kv: Deno.Kv): Journals {
  return {
    open: (run, start) => openJournal(kv, run, start),
    async save(run, stored) {
      await writeLarge(kv, keys.run(run), JSON.stringify(stored));
    },
    async load(run) {
      const value = await readLarge(kv, keys.run(run));
      return value === undefined ? undefined : storedSchema.parse(JSON.parse(value.text()));
    },
    async commit(also) {
      await also(kv.atomic()).commit();
    },
    async delete(run) {
      await deleteLarge(kv, keys.run(run));
      await deleteJournal(kv, run);
    },
  };
}
