import { deepStrictEqual, strictEqual } from "assert";
import { z } from "zod";
import { pathOf, toIssues, unknownKey } from "../../src/config/schema_issues.ts";

Deno.test("pathOf() writes a path as code would, and quotes what is no name", () => {
  strictEqual(pathOf(["keys", 0, "secret"]), "keys[0].secret");
  strictEqual(pathOf(["servers", "a b\n", "url"]), 'servers["a b\\n"].url');
  strictEqual(pathOf([]), "");
});

Deno.test("unknownKey() suggests only what is near", () => {
  strictEqual(unknownKey("cals", ["calls", "cpuMs"]), 'is not a known key; nearest is "calls"');
  strictEqual(unknownKey("whatever", ["calls"]), "is not a known key");
});

Deno.test("toIssues() finds the known keys through optional parts, lists and records", () => {
  const inner = z.strictObject({ calls: z.int().optional() });
  const schema = z.strictObject({
    list: z.array(inner).optional(),
    record: z.record(z.string(), inner).default({}),
  });
  const { error } = schema.safeParse({ list: [{ cals: 1 }], record: { a: { caller: 1, cal: 2 } } });

  deepStrictEqual(error && toIssues(error, schema), [
    { path: "list[0].cals", message: 'is not a known key; nearest is "calls"' },
    { path: "record.a.caller", message: 'is not a known key; nearest is "calls"' },
    { path: "record.a.cal", message: 'is not a known key; nearest is "calls"' },
  ]);
});

Deno.test("toIssues() tells no more than a hundred findings", () => {
  const schema = z.array(z.string());
  const { error } = schema.safeParse(Array.from({ length: 1_000 }, () => 1));

  strictEqual(error && toIssues(error, schema).length, 100);
});
