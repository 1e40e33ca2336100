import {
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
} from "@modelcontextprotocol/client";
import { deepStrictEqual, strictEqual } from "assert";
import { toLoginError } from "../../src/mcp/to_login_error.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";

Deno.test("toLoginError() says in own words what went wrong, and keeps no cause", () => {
  const known = new UpstreamError("needs_auth", "it wants a login");
  const errors: [unknown, string][] = [
    [known, "needs_auth: it wants a login"],
    [
      new OAuthError("access_denied", "secret words"),
      'refused: its login server says "access_denied"',
    ],
    [new OAuthError("odd\ncode", "secret"), 'refused: its login server says "an error"'],
    [
      new IssuerMismatchError("metadata", "https://a.example", "https://evil.example"),
      "refused: its login server does not call itself by the name it was found under",
    ],
    [
      new InsecureTokenEndpointError("http://x.example"),
      "refused: its login server takes secrets without https",
    ],
    [
      new Error("Incompatible auth server: does not support dynamic client registration"),
      "refused: its login server registers no clients: a client id is needed",
    ],
    [
      new SyntaxError("Unexpected token secret"),
      "refused: what its login server sent is not what OAuth asks for",
    ],
    [
      new TypeError("error sending request: tcp connect error: Connection refused (os error 111)"),
      "unsent: its login server cannot be reached: connection refused",
    ],
    [new Error("secret-token"), "refused: its login failed"],
    ["text", "refused: its login failed"],
  ];

  const sorted = errors.map(([error]) => toLoginError(error));

  deepStrictEqual(
    sorted.map(({ kind, message }) => `${kind}: ${message}`),
    errors.map(([, expected]) => expected),
  );
  strictEqual(sorted.some(({ cause }) => cause !== undefined), false);
});
