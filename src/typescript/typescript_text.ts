/** Reads TypeScript's own text, which the checker process may not read itself. @module */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
// Names the package in the graph of modules, so that it is there, in a compiled binary too.
import manifest from "typescript/package.json" with { type: "json" };

/** TypeScript, as a process needs it that can read no file. */
export interface TypeScriptText {
  /** `typescript.js`. */
  compiler: string;
  /** Names and texts of the default libraries that are ECMAScript's. */
  libraries: Record<string, string>;
  /** The one that names all the others. */
  main: string;
}

/** Reads it from the npm package. */
export async function readTypeScript(): Promise<TypeScriptText> {
  const compiler = createRequire(import.meta.url).resolve(`${manifest.name}/${manifest.main}`);
  const folder = dirname(compiler);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const libraries = await Promise.all(
    names.filter((name) => /^lib\.(es(?!6)\w+|decorators)(\.(?!full)[\w.]+)?\.d\.ts$/.test(name))
      .map(async (name) => [name, await Deno.readTextFile(join(folder, name))]),
  );
  return {
    compiler: await Deno.readTextFile(compiler),
    libraries: Object.fromEntries(libraries),
    main: "lib.esnext.d.ts",
  };
}
