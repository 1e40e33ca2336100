/** Pass-through mode on standard input and output. @module */

import type { Principal } from "../grants/principal.ts";
import { ExposedNames } from "./exposed_names.ts";
import { serveStdioUntil } from "./mcp_stdio.ts";
import type { ServeMcpStdioOptions } from "./mcp_stdio.ts";
import { createPassServer } from "./pass_server.ts";
import { PassSession } from "./pass_session.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";

/**
 * Serves the tools, resources and prompts of all servers one to one on this
 * process's standard input and output, until the input ends or the signal
 * fires.
 */
export async function servePassThroughStdio(
  deps: PassThroughDeps,
  principal: Principal,
  options: ServeMcpStdioOptions = {},
): Promise<void> {
  const names = new ExposedNames(deps.servers());
  await using session = new PassSession(deps);
  using _changes = deps.onChange((server, method) => {
    if (!names.servers.includes(server)) return;
    session.tellClient(method).catch((error) => deps.onError?.(error));
  });
  const factory = ({ era }: { era: "legacy" | "modern" }) =>
    createPassServer({ deps, principal, session, names, era });
  await serveStdioUntil(factory, { ...options, onError: deps.onError?.bind(deps) });
}
