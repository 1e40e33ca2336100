import { match, strictEqual } from "assert";
import { readTypeScript } from "../../src/typescript/typescript_text.ts";

Deno.test("readTypeScript() gives every library that the main one refers to, and none of browsers", async () => {
  const { compiler, libraries, main } = await readTypeScript();
  const referred = Object.values(libraries).flatMap((text) =>
    [...text.matchAll(/<reference lib="([^"]+)"/g)].map(([, name]) => `lib.${name}.d.ts`)
  );

  match(compiler, /^\/\*!/);
  strictEqual(main in libraries, true);
  strictEqual(referred.filter((name) => !(name in libraries)).join(), "");
  strictEqual(Object.keys(libraries).filter((name) => /dom|webworker/.test(name)).join(), "");
});
