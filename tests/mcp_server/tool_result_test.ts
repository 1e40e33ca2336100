import { deepStrictEqual, match, strictEqual } from "assert";
import { connect } from "./connect.ts";
import { fakeDeps } from "./fake_runs.ts";

Deno.test("reportResult() answers execute with the report and what was emitted", async () => {
  await using client = await connect(fakeDeps());

  const answer = await client.callTool({ name: "execute", arguments: { code: "emit" } });

  strictEqual(answer.isError, false);
  strictEqual(Object(answer.structuredContent).status, "succeeded");
  const [text, image, unknown] = Object(answer.content);
  match(text.text, /^Run run_1 succeeded/);
  deepStrictEqual(image, { type: "image", mimeType: "image/png", data: "aGVsbG8=" });
  deepStrictEqual(unknown, { type: "text", text: '{"type":"hologram","depth":3}' });
});

Deno.test("failureResult() keeps the text of an unexpected error to itself", async () => {
  const seen: string[] = [];
  await using client = await connect(
    fakeDeps({ onError: (error) => void seen.push(error.message) }),
  );

  const answer = await client.callTool({ name: "execute", arguments: { code: "break" } });

  deepStrictEqual(Object(answer.content)[0].text, "Cannot answer: an internal error occurred");
  deepStrictEqual(seen, ["secret path /srv/airlock/x.ts"]);
});
