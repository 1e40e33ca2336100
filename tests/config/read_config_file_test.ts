import { deepStrictEqual, rejects, strictEqual, throws } from "assert";
import fc from "fast-check";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { parseJsonc, readConfigFile } from "../../src/config/read_config_file.ts";

Deno.test("parseJsonc() takes comments, trailing commas and a byte order mark", () => {
  const value = parseJsonc('\ufeff{ // one\n "a": [1, 2,], /* two */ "b": null, }', "a.json");

  strictEqual(JSON.stringify(value), '{"a":[1,2],"b":null}');
});

Deno.test("parseJsonc() takes an empty file as no settings", () => {
  deepStrictEqual([parseJsonc("", "a.json"), parseJsonc(" // later\n", "a.json")], [{}, {}]);
});

Deno.test("parseJsonc() gives line and column of the first mistake", () => {
  throws(() => parseJsonc('{\n  "a": 1\n  "b": 2\n}', "a.json"), {
    code: "invalid_config",
    message: 'Cannot read "a.json": 3:3: comma expected',
  });
  throws(() => parseJsonc('{"a": tru}', "a.json"), {
    message: 'Cannot read "a.json": 1:7: invalid symbol',
  });
});

Deno.test("parseJsonc() refuses nesting that would overflow the parser", () => {
  const deep = { message: 'Cannot read "a.json": 1:65: nested more than 64 levels deep' };

  throws(() => parseJsonc("[".repeat(500_000), "a.json"), deep);
  throws(() => parseJsonc('{"a":'.repeat(100_000), "a.json"), AirlockError);
  throws(() => parseJsonc("[}".repeat(200_000), "a.json"), AirlockError);
});

Deno.test("parseJsonc() keeps a key named __proto__ from becoming a prototype", () => {
  const value = parseJsonc('{"__proto__": {"keys": []}}', "a.json");

  strictEqual(typeof value === "object" && value !== null && "keys" in value, false);
  strictEqual(JSON.stringify(value), '{"__proto__":{"keys":[]}}');
});

Deno.test("parseJsonc() reads JSON as JSON.parse() does, and throws nothing but invalid_config", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => {
    return JSON.stringify(parseJsonc(text, "a")) === JSON.stringify(JSON.parse(text));
  }));
  const part = fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "/*", "//", "1", "x", "\n", "\\");
  fc.assert(fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
    try {
      parseJsonc(parts.join(""), "a");
      return true;
    } catch (error) {
      return error instanceof AirlockError && error.code === "invalid_config";
    }
  }));
});

Deno.test("readConfigFile() says why a file cannot be read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/big.json`, " ".repeat(4 * 1024 * 1024 + 1));

    await rejects(readConfigFile(`${folder}/none.json`), {
      code: "invalid_config",
      message: `Cannot read "${folder}/none.json": there is no such file`,
    });
    await rejects(readConfigFile(folder), { message: `Cannot read "${folder}": it is not a file` });
    await rejects(readConfigFile(`${folder}/big.json`), {
      message: `Cannot read "${folder}/big.json": it has more than 4194304 bytes`,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
