import { deepStrictEqual, ok, strictEqual, throws } from "assert";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import type { Part } from "../../src/openapi/part.ts";
import { SchemaLibrary, type SchemaLibraryOptions } from "../../src/openapi/schema_library.ts";

Deno.test("SchemaLibrary shares what it converted, circles too", () => {
  const library = libraryOf({ Node: { properties: { next: { $ref: "#/schemas/Node" } } } });

  const converted = library.convert({ $ref: "#/schemas/Node" });
  const first = library.definitionsFor([converted]);
  const second = library.definitionsFor([converted]);

  deepStrictEqual(first, { $defs: { Node: { properties: { next: { $ref: "#/$defs/Node" } } } } });
  strictEqual(first.$defs?.Node, second.$defs?.Node);
});

Deno.test("SchemaLibrary gives what has one name in two places two names", () => {
  const root = { a: { Pet: { type: "string" } }, b: { Pet: { type: "number" } } };
  const library = new SchemaLibrary({ dialect: "3.1" }, new LocalRefs(root), "readOnly");

  const converted = library.convert({ anyOf: [{ $ref: "#/a/Pet" }, { $ref: "#/b/Pet" }] });

  deepStrictEqual(library.definitionsFor([converted]), {
    $defs: { Pet: { type: "string" }, Pet_2: { type: "number" } },
  });
});

Deno.test("SchemaLibrary leaves open what is too large for a tool, or for all of them", () => {
  const schemas = {
    Big: { title: "x".repeat(150), enum: ["y".repeat(300)] },
    Small: { type: "string" },
  };
  const sample = { anyOf: [{ $ref: "#/schemas/Small" }, { $ref: "#/schemas/Big" }] };

  const perTool = libraryOf(schemas, { maxToolChars: 200 });
  deepStrictEqual(perTool.definitionsFor([perTool.convert(sample)]).$defs, {
    Small: { type: "string" },
    Big: {},
  });
  const inAll = libraryOf(schemas, { maxAllChars: 650 });
  const defs = () => JSON.stringify(inAll.definitionsFor([inAll.convert(sample)]));
  ok(defs().length > 400);
  ok(defs().length < 100);
  throws(() => [1, 2, 3].map(defs), { message: "its schemas are too large" });
});

Deno.test("SchemaLibrary converts ten thousand schemas that refer to each other", () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`S${i}`, {
      properties: { a: { $ref: `#/schemas/S${i + 1}` }, b: { $ref: "#/schemas/S0" } },
    }]),
  );
  const library = libraryOf(schemas);

  const { $defs = {} } = library.definitionsFor([library.convert({ $ref: "#/schemas/S0" })]);

  ok(Object.keys($defs).length <= 2_001);
});

function libraryOf(schemas: Part, options?: SchemaLibraryOptions): SchemaLibrary {
  return new SchemaLibrary({ dialect: "3.1" }, new LocalRefs({ schemas }), "readOnly", options);
}
