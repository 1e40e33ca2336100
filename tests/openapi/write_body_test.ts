import { deepStrictEqual, ok, strictEqual, throws } from "assert";
import type { BodyKind, BodyPlan, FieldPlan } from "../../src/openapi/request_body.ts";
import { writeBody } from "../../src/openapi/write_body.ts";

Deno.test("writeBody() writes JSON, text, bytes and forms", () => {
  strictEqual(writeBody(plan("json"), { a: [1] }).body, '{"a":[1]}');
  deepStrictEqual(writeBody(plan("text", "text/csv"), "a,b"), {
    body: "a,b",
    contentType: "text/csv; charset=utf-8",
  });
  deepStrictEqual(writeBody(plan("binary"), "AAEC").body, new Uint8Array([0, 1, 2]));
  const fields = {
    deep: field("value", "deepObject"),
    list: { ...field("value"), explode: false },
    meta: field("json"),
  };
  const form = { plain: "a b&c=ü", deep: { x: 1 }, list: ["p", "q"], meta: { y: 2 }, many: [1, 2] };
  deepStrictEqual(
    [...new URLSearchParams(String(writeBody(plan("form", "", fields), form).body))],
    [["plain", "a b&c=ü"], ["deep[x]", "1"], ["list", "p,q"], ["meta", '{"y":2}'], ["many", "1"], [
      "many",
      "2",
    ]],
  );
});

Deno.test("writeBody() writes the parts of multipart forms, files with their names and types", async () => {
  const fields = { file: { ...field("file"), contentType: "image/gif" }, meta: field("json") };
  const value = {
    file: ["AAEC", { data: "AwQ=", filename: "b.png", mimeType: "image/png" }],
    meta: { a: 1 },
    text: "x",
    numbers: [1, 2],
  };

  const { body, contentType } = writeBody(plan("multipart", "", fields), value);

  ok(body instanceof FormData);
  strictEqual(contentType, undefined);
  const files = body.getAll("file").filter((part) => part instanceof File);
  deepStrictEqual(files.map(({ name, type, size }) => [name, type, size]), [
    ["file", "image/gif", 3],
    ["b.png", "image/png", 2],
  ]);
  const meta = body.get("meta");
  ok(meta instanceof File);
  deepStrictEqual([meta.type, await meta.text()], ["application/json", '{"a":1}']);
  deepStrictEqual([body.get("text"), body.getAll("numbers")], ["x", ["1", "2"]]);
});

Deno.test("writeBody() says what cannot be written", () => {
  const fields = { file: field("file") };

  throws(() => writeBody(plan("binary"), "no base64!"), { message: 'its "body" is not base64' });
  throws(() => writeBody(plan("multipart", "", fields), { file: { data: 7 } }), TypeError);
  throws(() => writeBody(plan("form"), [1]), { message: "its body is not an object" });
});

function plan(kind: BodyKind, contentType = "", fields: Record<string, FieldPlan> = {}): BodyPlan {
  return { kind, contentType, required: true, schema: {}, fields: new Map(Object.entries(fields)) };
}

function field(kind: FieldPlan["kind"], style: FieldPlan["style"] = "form"): FieldPlan {
  return { kind, style, explode: true };
}
