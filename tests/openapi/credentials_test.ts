import { deepStrictEqual, strictEqual } from "assert";
import { Credentials } from "../../src/openapi/credentials.ts";
import { LocalRefs } from "../../src/openapi/local_refs.ts";

const root = {
  components: {
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      oauth: { type: "oauth2", flows: {} },
      key: { type: "apiKey", in: "header", name: "X-Key" },
      query: { type: "apiKey", in: "query", name: "token" },
      session: { type: "apiKey", in: "cookie", name: "sid" },
      tls: { type: "mutualTLS" },
      aliased: { $ref: "#/components/securitySchemes/key" },
    },
  },
};

Deno.test("Credentials.missingFor() knows what the configuration gives", () => {
  const none = credentials({});
  const all = credentials(
    { authorization: "Bearer x", "x-key": "k", Cookie: "a=1; sid=2" },
    "https://api.example.com/?token=t",
  );
  const names = ["bearer", "oauth", "key", "query", "session", "aliased"];

  deepStrictEqual(
    names.map((name) => all.missingFor([{ [name]: [] }])),
    names.map(() => undefined),
  );
  deepStrictEqual(names.map((name) => none.missingFor([{ [name]: [] }])), [
    '"bearer" (header "Authorization")',
    '"oauth" (header "Authorization")',
    '"key" (header "X-Key")',
    '"query" (query "token")',
    '"session" (cookie "sid")',
    '"aliased" (header "X-Key")',
  ]);
  strictEqual(all.missingFor([{ tls: [] }]), '"tls" (not supported)');
  strictEqual(all.missingFor([{ constructor: [] }]), '"constructor" (not supported)');
});

Deno.test("Credentials.missingFor() needs one alternative, with all of its parts", () => {
  const one = credentials({ "X-Key": "k" });

  strictEqual(one.missingFor(undefined), undefined);
  strictEqual(one.missingFor([]), undefined);
  strictEqual(one.missingFor([{ bearer: [] }, {}]), undefined);
  strictEqual(one.missingFor([{ bearer: [] }, { key: [] }]), undefined);
  strictEqual(one.missingFor([{ key: [], query: [] }]), '"query" (query "token")');
});

Deno.test("Credentials.reserves() keeps from code what carries credentials or makes the request", () => {
  const one = credentials({ "X-Trace": "t" });

  const reserved = [["header", "x-key"], ["header", "X-TRACE"], ["header", "Host"]];
  reserved.push(["header", "Authorization"], ["query", "token"], ["cookie", "sid"]);
  for (const [place, name] of reserved) strictEqual(one.reserves(place, name), true, name);
  for (const [place, name] of [["query", "x-key"], ["header", "X-Page"], ["path", "token"]]) {
    strictEqual(one.reserves(place, name), false, name);
  }
});

function credentials(headers: Record<string, string>, baseUrl?: string): Credentials {
  return new Credentials(root, new LocalRefs(root), {
    headers,
    ...(baseUrl !== undefined && { baseUrl }),
  });
}
