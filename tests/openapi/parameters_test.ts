import { deepStrictEqual, throws } from "assert";
import { Credentials } from "../../src/openapi/credentials.ts";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import { type Parameter, readParameters } from "../../src/openapi/parameters.ts";

const root = {
  components: {
    parameters: {
      page: { name: "page", in: "query", required: true, schema: { type: "integer" } },
    },
  },
};

Deno.test("readParameters() merges those of the path with those that override them", () => {
  const path = [{ name: "id", in: "path", description: "old" }, {
    $ref: "#/components/parameters/page",
  }];
  const own = [{ name: "id", in: "path", description: "new" }];

  deepStrictEqual(read([path, own]), [
    {
      argument: "id",
      name: "id",
      place: "path",
      style: "simple",
      explode: false,
      allowReserved: false,
      isJson: false,
      required: true,
      description: "new",
      schema: undefined,
    },
    {
      argument: "page",
      name: "page",
      place: "query",
      style: "form",
      explode: true,
      allowReserved: false,
      isJson: false,
      required: true,
      schema: { type: "integer" },
    },
  ]);
});

Deno.test("readParameters() gives parameters of one name a name each", () => {
  const list = [
    { name: "id", in: "header" },
    { name: "id", in: "query" },
    { name: "id", in: "path" },
    { name: "query_id", in: "query" },
  ];

  deepStrictEqual(read([list]).map(({ argument, place, name }) => [argument, place, name]), [
    ["id", "path", "id"],
    ["query_id", "query", "id"],
    ["query_query_id", "query", "query_id"],
    ["header_id", "header", "id"],
  ]);
});

Deno.test("readParameters() leaves out what is not for code, and refuses where it must be there", () => {
  const optional = [{ name: "X-Key", in: "header" }, { name: "a b", in: "header" }];
  optional.push({ name: "Accept", in: "header" });

  deepStrictEqual(read([optional]), []);
  throws(() => read([[{ name: "Authorization", in: "header", required: true }]]), {
    kind: "needs_auth",
    message: 'it needs header "Authorization", which is not configured',
  });
  for (const bad of [{ $ref: "other.yaml#/x" }, { in: "query" }, { name: "a", in: "body" }, 7]) {
    throws(() => read([[bad]]), { kind: "refused" });
  }
});

Deno.test("readParameters() knows the styles, and takes no other", () => {
  const list = [
    { name: "a", in: "query", style: "deepObject" },
    { name: "b", in: "query", style: "matrix", explode: false },
    { name: "c", in: "path", style: "matrix" },
    { name: "d", in: "query", content: { "application/json": { schema: { type: "object" } } } },
  ];

  deepStrictEqual(read([list]).map(({ style, explode, isJson }) => [style, explode, isJson]), [
    ["matrix", false, false],
    ["deepObject", false, false],
    ["form", false, false],
    ["form", true, true],
  ]);
});

function read(lists: readonly unknown[]): Parameter[] {
  const refs = new LocalRefs(root);
  const config = { headers: { "X-Key": "secret" } };
  return readParameters(lists, refs, new Credentials(root, refs, config));
}
