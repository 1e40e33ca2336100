/** Routes of agents: `/v1/agents`. @module */

import { type Context, Hono } from "hono";
import { z } from "zod";
import { definitionSchema, runLimitsOf } from "../agent/agent_definition.ts";
import { parseLimits } from "../config/parse_limits.ts";
import type { AgentParts, HttpDeps, HttpEnv } from "./http_deps.ts";
import { agentPartRoutes } from "./agent_parts.ts";
import { agentSocket } from "./agent_socket.ts";
import { eventStream } from "./event_stream.ts";
import { parseIdempotencyKey } from "./idempotency_key.ts";
import { invalidRequest, parseInput } from "./invalid_request.ts";
import { maxMessageBytes, messageBody } from "./message_body.ts";
import { messageEvents } from "./message_stream.ts";
import { pageQuery } from "./page.ts";
import { readJson } from "./read_json.ts";

/** Bytes of a patch of the state, which may have 1 MiB. */
const maxPatchBytes = 1_100_000;

const memoryQuery = pageQuery.extend({
  prefix: z.string().max(512).optional(),
  q: z.string().max(500).optional(),
});

const messagesQuery = pageQuery.extend({
  cursor: z.string().regex(/^\d{1,15}$/, "must be the cursor of the page before").optional(),
});

/** Makes agents, talks to them, shows what they keep, and forgets them. */
export function agentRoutes(
  { agents, config }: {
    agents: AgentParts;
    config: Pick<HttpDeps["config"], "limits">;
  },
): Hono<HttpEnv> {
  const { service } = agents;
  const app = new Hono<HttpEnv>();
  app.route("/", agentPartRoutes(agents));

  app.get("/", async (c) => {
    const page = parseInput(c.req.query(), pageQuery, "Cannot list agents");
    return c.json(await service.list(c.var.principal, page));
  });

  app.put("/:name", async (c) => {
    const action = "Cannot make the agent";
    const json = await readJson(c.req.raw, { action, maxBytes: 512 * 1024 });
    const definition = parseInput(json, definitionSchema, action);
    parseLimits(runLimitsOf(definition), config.limits);
    return c.json(await service.put(nameOf(c), definition, c.var.principal));
  });

  app.get("/:name", async (c) => c.json(await service.get(nameOf(c), c.var.principal)));

  app.delete("/:name", async (c) => {
    await service.delete(nameOf(c), c.var.principal);
    return c.body(null, 204);
  });

  app.post("/:name/messages", async (c) => {
    const action = "Cannot send the message";
    const key = parseIdempotencyKey(c.req.header("idempotency-key"), action);
    const json = await readJson(c.req.raw, { action, maxBytes: maxMessageBytes });
    const { content } = parseInput(json, messageBody, action);
    const { principal } = c.var;
    if (wantsStream(c)) {
      const leaving = new AbortController();
      const message = { name: nameOf(c), content, key, principal, signal: leaving.signal };
      return c.body(eventStream(await messageEvents(service, message), { leaving }), 200, {
        "content-type": "text/event-stream; charset=utf-8",
        "x-accel-buffering": "no",
      });
    }
    const sent = await service.send(nameOf(c), content, principal, { key });
    const outcome = await sent.outcome(c.req.raw.signal);
    return outcome === undefined
      ? c.json({ id: sent.id, status: "waiting", runs: [] }, 202)
      : c.json(outcome);
  });

  app.get("/:name/messages", async (c) => {
    const page = parseInput(c.req.query(), messagesQuery, "Cannot list messages");
    return c.json(await service.messages(nameOf(c), c.var.principal, page));
  });

  app.get("/:name/state", async (c) => {
    const owner = await service.owner(nameOf(c), c.var.principal);
    const { value, version } = await service.states.read(owner);
    return c.json(value, 200, { etag: `"${version}"` });
  });

  app.patch("/:name/state", async (c) => {
    const action = "Cannot change the state";
    const versions = parseIfMatch(c.req.header("if-match"), action);
    const patch = await readJson(c.req.raw, { action, maxBytes: maxPatchBytes });
    const name = nameOf(c);
    const { value, version } = await service.patchState(name, patch, c.var.principal, versions);
    return c.json(value, 200, { etag: `"${version}"` });
  });

  app.get("/:name/memory", async (c) => {
    const owner = await service.owner(nameOf(c), c.var.principal);
    const query = parseInput(c.req.query(), memoryQuery, "Cannot show the memory");
    return c.json(await agents.page(owner, query));
  });

  app.get("/:name/socket", async (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw invalidRequest("Cannot open the socket", [{
        path: "Upgrade",
        message: 'must be "websocket"',
      }]);
    }
    const name = nameOf(c);
    await service.owner(name, c.var.principal);
    const cursor = c.req.query("cursor");
    return agentSocket(c.req.raw, service, { name, principal: c.var.principal, cursor });
  });

  return app;
}

/** The name in the path; what cannot be one is told so by the agents. */
export function nameOf(c: Context<HttpEnv>): string {
  return c.req.param("name") ?? "";
}

function wantsStream(c: Context<HttpEnv>): boolean {
  return c.req.header("accept")?.includes("text/event-stream") ?? false;
}

/** The versions that `If-Match` takes; all of them without it, and for `*`. */
function parseIfMatch(header: string | undefined, action: string): string[] | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const tags = header.split(",").map((tag) => /^\s*"([^"]*)"\s*$/.exec(tag)?.[1]);
  const versions = tags.filter((tag) => tag !== undefined);
  if (versions.length === tags.length) return versions;
  throw invalidRequest(action, [{ path: "If-Match", message: "must be the ETag of the state" }]);
}
