/**
 * `deno task doc`: holds every export to having a doc comment and an explicit
 * type. Not on `http`, `mcp` and `mcp_server`, whose types are other people's;
 * for the same reason a type of a library in a signature (`private-type-ref`)
 * is no finding anywhere. @module
 */

const skipped = ["src/http/", "src/mcp/", "src/mcp_server/"];
const ignoredRule = "private-type-ref";

/** All modules of the product, but for those in skipped folders. */
async function* modules(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modules(path);
    else if (path.endsWith(".ts") && !skipped.some((part) => path.startsWith(part))) yield path;
  }
}

const files = (await Array.fromAsync(modules("src"))).sort();
const { stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...files],
  env: { NO_COLOR: "1" },
  stdout: "null",
}).output();
const findings = new TextDecoder().decode(stderr).split(/^(?=error)/m)
  .filter((text) => text.startsWith("error[") && !text.startsWith(`error[${ignoredRule}]`));
findings.forEach((text) => console.error(text.trimEnd() + "\n"));
console.error(`${files.length} files, ${findings.length} findings`);
Deno.exit(findings.length === 0 ? 0 : 1);
