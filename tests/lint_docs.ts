/**
 * `deno task doc`: holds every export to having a doc comment and an explicit
 * type. Not on `http` and `mcp`, whose types are other people's. @module
 */

const skipped = ["src/http/", "src/mcp/", "src/mcp_server/"];

/** All modules of the product, but for those in skipped folders. */
async function* modules(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modules(path);
    else if (path.endsWith(".ts") && !skipped.some((part) => path.startsWith(part))) yield path;
  }
}

const files = (await Array.fromAsync(modules("src"))).sort();
const { code } = await new Deno.Command(Deno.execPath(), { args: ["doc", "--lint", ...files] })
  .spawn().status;
Deno.exit(code);
