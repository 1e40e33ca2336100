/**
 * Makes `dist/host.js`: the host, the guest's Worker and the guest's realm in
 * one file without imports, so that a host starts without transpiling and reads
 * nothing; and `dist/checker.js` and `dist/sql.js` likewise. `deno task build`;
 * `tests/workers/build_test.ts` holds them up to date. @module
 */

import { build, stop } from "esbuild";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** The comment that says which file of a package follows: where that lies is no one's business. */
const packagePath = /^ *\/\/ (?:\.\.\/){2,}\S+\n/gm;

/** The text of `dist/host.js`. */
export async function buildHost(): Promise<string> {
  try {
    const realm = await bundle("./realm/main.ts", { globalName: "realm" });
    const realmScript =
      `(function (gateway) {"use strict";\n${realm}\nreturn realm.createRealm(gateway);\n})`;
    const guest = await bundle("./guest.ts", { define: { realmScript } });
    return await bundle("./host.ts", { define: { guestScript: guest } });
  } finally {
    await stop();
  }
}

/** The text of `dist/checker.js`; TypeScript itself is not in it. */
export async function buildChecker(): Promise<string> {
  try {
    return await bundle("./checker.ts");
  } finally {
    await stop();
  }
}

/** The text of `dist/sql.js`. */
export async function buildSql(): Promise<string> {
  try {
    return await bundle("./sql.ts");
  } finally {
    await stop();
  }
}

interface BundleOptions {
  /** The variable that takes the exports. */
  globalName?: string;
  /** Texts that free identifiers stand for. */
  define?: Record<string, string>;
}

async function bundle(
  file: string,
  { globalName, define = {} }: BundleOptions = {},
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    alias: { acorn: require.resolve("acorn").replace(/\.js$/, ".mjs") },
    define: Object.fromEntries(
      Object.entries(define).map(([name, text]) => [name, JSON.stringify(text)]),
    ),
    bundle: true,
    write: false,
    globalName,
    format: globalName === undefined ? "esm" : "iife",
    target: "esnext",
    legalComments: "inline",
    charset: "utf8",
  });
  return outputFiles[0].text.replace(packagePath, "");
}

if (import.meta.main) {
  const folder = new URL("./dist/", import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(new URL("host.js", folder), await buildHost());
  await Deno.writeTextFile(new URL("checker.js", folder), await buildChecker());
  await Deno.writeTextFile(new URL("sql.js", folder), await buildSql());
}
