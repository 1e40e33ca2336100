/** What went wrong in a login, in words of our own: what strangers say there may hold secrets. @module */

import {
  AuthorizationServerMismatchError,
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
} from "@modelcontextprotocol/client";
import { toNetworkError, UpstreamError } from "../servers/upstream_error.ts";

/** Sorts whatever the SDK's login threw. Nothing of it is kept as a cause. */
export function toLoginError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof OAuthError) return refused(`its login server says ${codeOf(error.code)}`);
  if (error instanceof IssuerMismatchError) {
    return refused("its login server does not call itself by the name it was found under");
  }
  if (error instanceof AuthorizationServerMismatchError) return anotherIssuer();
  if (error instanceof InsecureTokenEndpointError) {
    return refused("its login server takes secrets without https");
  }
  if (error instanceof RegistrationRejectedError) {
    return refused(`its login server did not register Airlock (HTTP status ${error.status})`);
  }
  if (!(error instanceof Error)) return refused("its login failed");
  if (error.cause instanceof UpstreamError) return error.cause;
  if (error.name === "ZodError" || error.name === "SyntaxError") {
    return refused("what its login server sent is not what OAuth asks for");
  }
  if (error instanceof TypeError) {
    const { kind, message } = toNetworkError(error);
    const failure = kind === "unsent" ? message : "the connection broke";
    return new UpstreamError("unsent", `its login server cannot be reached: ${failure}`);
  }
  return refused(reasonOf(error.message));
}

/** The failure where another authorization server wants what the one before it gave. */
export function anotherIssuer(): UpstreamError {
  return refused("its login server is another one than before");
}

/** A code of OAuth as it may be shown. */
export function codeOf(code: string): string {
  return JSON.stringify(/^[\w.:/-]{1,64}$/.test(code) ? code : "an error");
}

/** Reasons of the SDK that are plain errors, by how they begin. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/dynamic client registration/, "its login server registers no clients: a client id is needed"],
  [/code challenge method/, "its login server does not know PKCE with S256"],
  [/response type/, "its login server gives no authorization codes"],
  [/^Protected resource /, "it says that its tokens are for another server"],
  [/^HTTP \d{3} /, "its login server failed"],
];

function reasonOf(message: string): string {
  return reasons.find(([form]) => form.test(message))?.[1] ?? "its login failed";
}

function refused(message: string): UpstreamError {
  return new UpstreamError("refused", message);
}
