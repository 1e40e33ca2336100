import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { parseForm, serializeForm } from "../../../workers/realm/form_encoding.ts";
import { connectGateway } from "./connect_gateway.ts";

connectGateway();

Deno.test("parseForm() gives back what serializeForm() wrote", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 10 });
  fc.assert(fc.property(fc.array(fc.record({ name: text, value: text })), (pairs) => {
    deepStrictEqual(
      parseForm(serializeForm(pairs)).map((pair) => ({ ...pair })),
      pairs.map((pair) => ({ ...pair })),
    );
  }));
});

Deno.test("serializeForm() escapes all but letters, digits and *-._", () => {
  strictEqual(
    serializeForm([{ name: "aZ09*-._", value: "~!'() \n+&=é😀" }]),
    "aZ09*-._=%7E%21%27%28%29+%0A%2B%26%3D%C3%A9%F0%9F%98%80",
  );
});

Deno.test("parseForm() leaves malformed escapes as they are and replaces malformed UTF-8", () => {
  deepStrictEqual(
    parseForm("a=%&b=%4&c=%zz&d=%ff&e=%EF%BB%BFx&f+g&&=").map(({ name, value }) =>
      `${name}:${value}`
    ),
    [
      "a:%",
      "b:%4",
      "c:%zz",
      "d:\ufffd",
      "e:\ufeffx",
      "f g:",
      ":",
    ],
  );
});
