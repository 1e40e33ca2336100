import { ProtocolErrorCode } from "@modelcontextprotocol/server";
import { deepStrictEqual, rejects, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { answerOrThrow, toProtocolError } from "../../src/mcp_server/pass_on.ts";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("passOn() cancels the call at the server when the client cancels its request", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();
  const stop = new AbortController();

  const answer = client.callTool({ name: "test_until_cancelled" }, {
    signal: stop.signal,
    onprogress: () => stop.abort("enough"),
  });

  await rejects(answer);
  const { items: [{ id }] } = await open.airlock.runs.list(local);
  const report = await open.airlock.runs.cancel(id, local);
  strictEqual(report.status, "cancelled");
});

Deno.test("toProtocolError() says whose fault it is, with the hint", () => {
  const error = toProtocolError({ code: "tool_unknown", message: "Cannot call", hint: "Try b" });

  deepStrictEqual([error.code, error.message], [
    ProtocolErrorCode.InvalidParams,
    "Cannot call; Try b",
  ]);
  strictEqual(
    toProtocolError({ code: "tool_failed", message: "x" }).code,
    ProtocolErrorCode.InternalError,
  );
});

Deno.test("answerOrThrow() shows errors of ours, and nothing of others", async () => {
  const told: string[] = [];
  const deps = { ...unused, onError: (error: Error) => void told.push(error.message) };
  const fail = (error: Error) => answerOrThrow({ deps }, () => Promise.reject(error));

  await rejects(fail(new AirlockError("queue_full", "Cannot call: full")), {
    message: "Cannot call: full",
  });
  await rejects(fail(new Error("/secret/path")), { message: "Cannot answer: internal error" });
  deepStrictEqual(told, ["/secret/path"]);
});

const local = { name: "local", tools: ["*"] };
const nobody = () => {
  throw new Error("not used");
};
const unused = {
  mcpServers: [],
  servers: nobody,
  onChange: nobody,
  line: nobody,
  invoke: nobody,
  catalog: nobody,
  callTool: nobody,
  version: "1",
};
