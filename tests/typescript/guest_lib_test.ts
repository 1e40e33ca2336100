import { match, strictEqual } from "assert";
import { airlockGlobals, guestLib } from "../../src/typescript/guest_lib.ts";
import { reservedNames } from "../../src/catalog/reserved_names.ts";
import { checkTypes } from "./check_types.ts";

Deno.test("airlockGlobals and guestLib declare no global that a server could be named", () => {
  const declared = `${airlockGlobals}${guestLib}`.matchAll(
    /^declare (?:const|function|class) (\w+)/gm,
  );
  const free = [...declared].map(([, name]) => name).filter((name) => !reservedNames.has(name));
  strictEqual(free.join(), "");
});

Deno.test("guestLib lets no code through that the guest would not run", async () => {
  const source = `${guestLib}${airlockGlobals}\nfetch("x");\nprocess.exit();\nDeno.exit();`;
  match(
    await checkTypes({ "types.ts": source }, { lib: ["es2024"] }),
    /Found 2 errors|Found 3 errors/,
  );
});
