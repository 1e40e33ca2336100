/** `fetch` that asks before it goes where a redirect leads. @module */

import { UpstreamError } from "../servers/upstream_error.ts";

const maxRedirects = 5;

/** A request that can be sent more than once. */
export interface RequestPlan {
  /** Where it goes first. */
  readonly url: URL;
  /** In capitals. */
  readonly method: string;
  /** Usually with credentials: they never reach another origin. */
  readonly headers: Headers;
  /** Absent where there is none. */
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
}

/**
 * Sends a request and follows redirects as browsers do, but only those that
 * are allowed; another origin gets none of the headers.
 *
 * @param mayFollow Whether a request may go on to this URL.
 * @throws {UpstreamError} `refused`, where a redirect is not followed. Otherwise
 * what `fetch` throws.
 */
export async function followRedirects(
  plan: RequestPlan,
  mayFollow: (to: URL) => boolean,
  signal: AbortSignal,
): Promise<Response> {
  let next = plan;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const { url, ...init } = next;
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const target = URL.parse(location, url);
    if (target === null || !mayFollow(target)) {
      const where = target === null ? "an unusable address" : `"${target.origin}"`;
      throw new UpstreamError("refused", `it redirects to ${where}, where requests must not go`);
    }
    next = redirected(next, target, response.status);
  }
  throw new UpstreamError("refused", `it redirects more than ${maxRedirects} times`);
}

function redirected(plan: RequestPlan, url: URL, status: number): RequestPlan {
  const headers = url.origin === plan.url.origin ? new Headers(plan.headers) : new Headers();
  const becomesGet = plan.method !== "HEAD" &&
    (status === 303 || (plan.method === "POST" && status < 303));
  if (!becomesGet) return { ...plan, url, headers };
  headers.delete("content-type");
  return { url, method: "GET", headers };
}
