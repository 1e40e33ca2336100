/** The tools of real servers, where the catalogue is at hand. @module */

import { Catalog } from "../../src/catalog/catalog.ts";

const folder = Deno.env.get("AIRLOCK_CATALOGUE") ??
  new URL("../../../shared/catalogue", import.meta.url).pathname;

/** Why tests over the catalogue are ignored; `undefined` where they are not. */
export const catalogueMissing: string | undefined = isThere()
  ? undefined
  : "no catalogue at AIRLOCK_CATALOGUE or ../shared/catalogue";

/** Options of a test that needs the catalogue: ignored where there is none, and says so. */
export function catalogueTest(name: string): { name: string; ignore: boolean } {
  const isMissing = catalogueMissing !== undefined;
  return { name: isMissing ? `${name} (${catalogueMissing})` : name, ignore: isMissing };
}

/** All its servers, by their short names. */
export async function readCatalogue(): Promise<Catalog> {
  const catalog = new Catalog();
  const { servers } = JSON.parse(await Deno.readTextFile(`${folder}/index.json`));
  for (const { short, file } of servers) {
    catalog.setServer(short, JSON.parse(await Deno.readTextFile(`${folder}/${file}`)).tools);
  }
  return catalog;
}

function isThere(): boolean {
  try {
    return Deno.statSync(`${folder}/index.json`).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
