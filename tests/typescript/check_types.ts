/** Asks `deno check`, a real process, what it thinks of generated types. @module */

/** What {@linkcode checkTypes} may be told. */
export interface CheckTypesOptions {
  /** Default libraries instead of Deno's own. */
  lib?: string[];
}

/**
 * Checks files by themselves, in a folder of their own; every `.ts` among them
 * is checked. Errors within a `.d.ts` are never reported by `deno check`, so
 * declarations that are to be checked must be given as `.ts`.
 *
 * @returns The complaints; empty where there are none.
 */
export async function checkTypes(
  files: Record<string, string>,
  { lib }: CheckTypesOptions = {},
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "airlock_types_" });
  try {
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({ compilerOptions: { strict: true, ...(lib ? { lib } : {}) } }),
    );
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", ...Object.keys(files).filter((name) => !name.endsWith(".d.ts"))],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdout: "null",
    }).output();
    return code === 0 ? "" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
