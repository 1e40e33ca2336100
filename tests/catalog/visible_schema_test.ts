import { deepStrictEqual } from "assert";
import { visibleSchema, visibleTool } from "../../src/catalog/visible_schema.ts";

Deno.test("visibleSchema() shows hidden characters in texts and keeps what is matched", () => {
  const schema = JSON.parse(
    '{"description":"a\\u200b","properties":{"n\\u200b":{"enum":["e\\u200b"],"title":"t\\u200b"},' +
      '"__proto__":{"default":"d\\u200b"}},"required":["n\\u200b"],"anyOf":[{"$comment":"c\\u200b"},true]}',
  );

  deepStrictEqual(
    visibleSchema(schema),
    JSON.parse(
      '{"description":"a\\\\u{200b}","properties":{"n\\u200b":{"enum":["e\\u200b"],"title":"t\\\\u{200b}"},' +
        '"__proto__":{"default":"d\\\\u{200b}"}},"required":["n\\u200b"],"anyOf":[{"$comment":"c\\\\u{200b}"},true]}',
    ),
  );
});

Deno.test("visibleTool() shows hidden characters of all parts, and not that the tool is blocked", () => {
  const tool = {
    name: "n\u200b",
    title: "t\u200b",
    description: "d\u200b",
    inputSchema: { title: "i\u200b" },
    outputSchema: true,
    blocked: "why",
  };

  deepStrictEqual(visibleTool(tool), {
    name: "n\\u{200b}",
    title: "t\\u{200b}",
    description: "d\\u{200b}",
    inputSchema: { title: "i\\u{200b}" },
    outputSchema: true,
  });
});
