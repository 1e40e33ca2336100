import { deepStrictEqual, strictEqual } from "assert";
import { TypeNames } from "../../src/typescript/type_names.ts";

Deno.test("TypeNames.nameOf() makes names of references, each for one schema", () => {
  const names = new TypeNames();
  const [a, b] = [{}, {}];
  const refs = ["#/$defs/line-item", "#/definitions/line_item", "#/properties/x/0", "#"];
  deepStrictEqual(
    [names.nameOf(a, refs[0]), names.nameOf(a, refs[1]), names.nameOf(b, refs[1])],
    ["LineItem", "LineItem", "LineItem2"],
  );
  deepStrictEqual([names.nameOf({}, refs[2]), names.nameOf({}, refs[3])], ["Type0", "Type"]);
});

Deno.test("TypeNames.nameOf() gives no more names than a tool may have", () => {
  const names = new TypeNames();
  for (let i = 0; i < 200; i++) names.nameOf({}, `#/$defs/a${i}`);
  strictEqual(names.nameOf({}, "#/$defs/b"), undefined);
});
