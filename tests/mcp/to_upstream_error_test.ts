import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
} from "@modelcontextprotocol/client";
import { deepStrictEqual, strictEqual } from "assert";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import { answerCodes, toUpstreamError } from "../../src/mcp/to_upstream_error.ts";
import { serve } from "./fixtures/web_servers.ts";

Deno.test("toUpstreamError() sorts what the SDK throws", () => {
  const cases: [Error, string, string][] = [
    [new SdkError(SdkErrorCode.ConnectionClosed, "x"), "lost", "the connection closed"],
    [new SdkError(SdkErrorCode.NotConnected, "x"), "unsent", "not connected"],
    [new SdkError(SdkErrorCode.RequestTimeout, "x"), "timed_out", "no answer in time"],
    [new SdkError(SdkErrorCode.InvalidResult, "bad result"), "refused", "bad result"],
    [new ProtocolError(-32602, "no such tool"), "failed", "no such tool"],
    [new ProtocolError(answerCodes.lost, "gone"), "lost", "gone"],
    [new ProtocolError(answerCodes.unusable, "too big"), "refused", "too big"],
    [httpError(401), "needs_auth", "it wants a login"],
    [httpError(403), "refused", "HTTP status 403: words"],
    [httpError(404), "unsent", "HTTP status 404"],
    [httpError(502), "lost", "HTTP status 502: words"],
    [sseError(401), "needs_auth", "it wants a login"],
    [sseError(405), "refused", "HTTP status 405"],
    [new Error("whatever http://user:pass@host/"), "lost", "the connection broke"],
  ];

  for (const [error, kind, message] of cases) {
    const failure = toUpstreamError(error);
    deepStrictEqual([failure.kind, failure.message], [kind, message]);
    strictEqual(failure.cause, error);
  }
});

Deno.test("toUpstreamError() finds the failure that something else was caused by", () => {
  const failure = new UpstreamError("refused", "too large");

  strictEqual(toUpstreamError(failure), failure);
  strictEqual(toUpstreamError(new TypeError("stream failed", { cause: failure })), failure);
});

Deno.test("toUpstreamError() knows that a refused connection carried nothing", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();

  const failure = toUpstreamError(await fetch(server.url).catch((error: unknown) => error));

  deepStrictEqual([failure.kind, failure.message], ["unsent", "connection refused"]);
});

function httpError(status: number): SdkHttpError {
  const data = { status, statusText: "x", text: "words" };
  return new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, "x", data);
}

function sseError(code: number): SseError {
  return new SseError(code, "x", new ErrorEvent("error"));
}
