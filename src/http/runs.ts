/** Routes of runs: `/v1/runs`. @module */

import { Hono } from "hono";
import { isFinal } from "../runs/report.ts";
import { eventStream } from "./event_stream.ts";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { invalidRequest, parseInput } from "./invalid_request.ts";
import { pageQuery } from "./page.ts";
import { pathId } from "./path_id.ts";
import { readJson } from "./read_json.ts";
import { parseIdempotencyKey } from "./idempotency_key.ts";
import { maxRunBodyBytes, runBodySchema, toRunRequest } from "./run_body.ts";

/** Runs code, and tells about past and present runs. */
export function runRoutes(deps: Pick<HttpDeps, "runs" | "config">): Hono<HttpEnv> {
  const { runs, config } = deps;
  const bodySchema = runBodySchema(config.limits);
  const maxBytes = maxRunBodyBytes(config.limits);
  const app = new Hono<HttpEnv>();

  app.post("/", async (c) => {
    const action = "Cannot start a run";
    const idempotencyKey = parseIdempotencyKey(c.req.header("idempotency-key"), action);
    const body = parseInput(await readJson(c.req.raw, { action, maxBytes }), bodySchema, action);
    const started = await runs.start(toRunRequest(body), c.var.principal, { idempotencyKey });
    // No signal is passed on: a client that goes away does not cancel its run.
    const report = body.wait ? await started.settled : started.report();
    const isDone = body.wait && isFinal(report.status);
    return c.json(report, isDone ? 200 : 202, { location: `/v1/runs/${started.id}` });
  });

  app.get("/", async (c) => {
    const page = parseInput(c.req.query(), pageQuery, "Cannot list runs");
    return c.json(await runs.list(c.var.principal, page));
  });

  app.get("/:id", async (c) => c.json(await runs.report(pathId(c, "run"), c.var.principal)));

  app.post("/:id/cancel", async (c) => {
    return c.json(await runs.cancel(pathId(c, "run"), c.var.principal));
  });

  app.get("/:id/receipts", async (c) => {
    return c.json({ items: await runs.receipts(pathId(c, "run"), c.var.principal) });
  });

  app.get("/:id/events", async (c) => {
    const id = pathId(c, "run");
    const after = parseEventId(c.req.header("last-event-id") ?? c.req.query("lastEventId"));
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      "x-accel-buffering": "no",
    };
    if (c.req.method === "HEAD") {
      // A stream would not be ended: Hono drops the body of an answer to HEAD.
      await runs.report(id, c.var.principal);
      return c.body(null, 200, headers);
    }
    const leaving = new AbortController();
    const events = await runs.events(id, c.var.principal, after, leaving.signal);
    return c.body(eventStream(events, { leaving }), 200, headers);
  });

  return app;
}

/** The id of the last event a client has; 0 where it has none. */
function parseEventId(id: string | undefined): number {
  if (id === undefined || id === "") return 0;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  const message = "must be the id of an event";
  throw invalidRequest("Cannot follow the run", [{ path: "Last-Event-ID", message }]);
}
