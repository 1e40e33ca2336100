import { strictEqual } from "assert";
import fc from "fast-check";
import { ignoresRefSiblings, isSchemaObject, SchemaRefs } from "../../src/catalog/schema_refs.ts";

Deno.test("SchemaRefs.resolve() follows pointers, anchors and the schema's own URIs", () => {
  const text = { $anchor: "text", type: "string" };
  const inner = { $id: "https://example.com/inner", $defs: { text }, items: { $ref: "#text" } };
  const root = { $defs: { inner, "a/b%": { type: "number" } }, properties: {} };
  const refs = new SchemaRefs(root);

  strictEqual(refs.resolve("#", root), root);
  strictEqual(refs.resolve("#/$defs/a~1b%25", root), root.$defs["a/b%"]);
  strictEqual(refs.resolve("https://example.com/inner", root), inner);
  strictEqual(refs.resolve("https://example.com/inner#text", root), text);
  strictEqual(refs.resolve("#text", inner.items), text);
  strictEqual(refs.resolve("#/$defs/text", inner.items), text);
});

Deno.test("SchemaRefs.resolve() finds nothing outside the schema and nothing inherited", () => {
  const root = { $defs: {}, properties: { a: { const: 1 } } };
  const refs = new SchemaRefs(root);
  const outside = ["#/nowhere", "#nowhere", "other.json", "file:///etc/passwd", "#/__proto__"];
  for (const ref of [...outside, "#/constructor", "#/properties/a/const", "#/%"]) {
    strictEqual(refs.resolve(ref, root), undefined, ref);
  }
});

Deno.test("SchemaRefs takes any value and any reference without throwing", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, ref) => {
    if (!isSchemaObject(value)) return;
    new SchemaRefs(value).resolve(`#${ref}`, value);
    new SchemaRefs({ ...value, $id: ref }).resolve(ref, value);
  }));
});

Deno.test("ignoresRefSiblings() holds up to draft 7", () => {
  strictEqual(ignoresRefSiblings({ $schema: "http://json-schema.org/draft-07/schema#" }), true);
  strictEqual(
    ignoresRefSiblings({ $schema: "https://json-schema.org/draft/2020-12/schema" }),
    false,
  );
  strictEqual(ignoresRefSiblings({}), false);
});
