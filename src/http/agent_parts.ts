/** Routes of what agents keep by themselves: SQL and schedules. @module */

import { Hono } from "hono";
import { AirlockError } from "../errors/airlock_error.ts";
import { newScheduleSchema } from "../schedules/new_schedule.ts";
import { skillBody } from "../skills/skill_tools.ts";
import { sqlArguments } from "../sql/sql_tool.ts";
import type { AgentParts, HttpEnv } from "./http_deps.ts";
import { toIssues } from "../config/schema_issues.ts";
import { invalidRequest, parseInput } from "./invalid_request.ts";
import { offsetQuery, pageOf } from "./page.ts";
import { readJson } from "./read_json.ts";

/** Bytes of a query with its parameters. */
const maxSqlBytes = 4 * 1024 * 1024;

/** Adds them to `/v1/agents/:name`. */
export function agentPartRoutes({ service, sql, skills, schedules }: AgentParts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();

  app.post("/:name/sql", async (c) => {
    const action = "Cannot run SQL";
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const json = await readJson(c.req.raw, { action, maxBytes: maxSqlBytes });
    const statement = parseInput(json, sqlArguments, action);
    try {
      return c.json(await sql.query(owner, statement, { signal: c.req.raw.signal }));
    } catch (error) {
      throw toRequestError(error, action);
    }
  });

  app.get("/:name/schedules", async (c) => {
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const query = parseInput(c.req.query(), offsetQuery, "Cannot list schedules");
    return c.json(pageOf(await schedules.list(owner), query));
  });

  app.post("/:name/schedules", async (c) => {
    const action = "Cannot add a schedule";
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const parsed = newScheduleSchema.safeParse(await readJson(c.req.raw, { action }));
    if (!parsed.success) {
      throw invalidRequest(action, toIssues(parsed.error, newScheduleSchema));
    }
    return c.json(await schedules.add(owner, parsed.data), 201);
  });

  app.delete("/:name/schedules/:id", async (c) => {
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const id = c.req.param("id");
    if (await schedules.delete(owner, id.slice(0, 128))) return c.body(null, 204);
    const shown = JSON.stringify(id.slice(0, 128));
    throw new AirlockError("not_found", `Cannot delete schedule ${shown}: it does not exist`);
  });

  app.get("/:name/skills", async (c) => {
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const query = parseInput(c.req.query(), offsetQuery, "Cannot list skills");
    return c.json(pageOf(await skills.list(owner), query));
  });

  app.put("/:name/skills/:skill", async (c) => {
    const action = "Cannot save the skill";
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const json = await readJson(c.req.raw, { action, maxBytes: 1024 * 1024 });
    const skill = parseInput(json, skillBody, action);
    return c.json(await skills.put(owner, c.req.param("skill"), skill, { by: "http" }));
  });

  app.get("/:name/skills/:skill", async (c) => {
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const name = c.req.param("skill").slice(0, 64);
    const versions = await skills.versions(owner, name);
    const latest = versions.at(-1);
    if (latest === undefined) throw noSkill(name);
    const item = (await skills.list(owner)).find((one) => one.name === name);
    return c.json({ ...item, code: latest.code, versions });
  });

  app.delete("/:name/skills/:skill", async (c) => {
    const owner = await service.owner(c.req.param("name"), c.var.principal);
    const name = c.req.param("skill").slice(0, 64);
    if (await skills.delete(owner, name)) return c.body(null, 204);
    throw noSkill(name);
  });

  return app;
}

function noSkill(name: string): AirlockError {
  return new AirlockError(
    "not_found",
    `Cannot find skill ${JSON.stringify(name)}: it does not exist`,
  );
}

/** A query that SQLite refuses is a bad request; over HTTP nobody else has failed. */
function toRequestError(error: unknown, action: string): unknown {
  if (!(error instanceof AirlockError)) return error;
  if (error.code !== "tool_failed" && error.code !== "invalid_arguments") return error;
  return invalidRequest(action, [{ path: "sql", message: error.message }], { cause: error });
}
