/** What the routes of agents take and give: their part of `/openapi.json`. @module */

import { definitionSchema } from "../agent/agent_definition.ts";
import { skillBody } from "../skills/skill_tools.ts";
import { sqlArguments } from "../sql/sql_tool.ts";
import { messageBody } from "./message_body.ts";
import type { Answer, Operation } from "./operations.ts";
import { offsetQuery, pageQuery } from "./page.ts";

const json: Answer = { kind: "other", mediaType: "application/json" };
const ok: Record<number, Answer> = { 200: json };
const gone: Record<number, Answer> = { 204: json };
const agent = "/v1/agents/:name";

/** All operations of agents, by method and path as the routes were registered. */
export const agentOperations: Record<string, Operation> = {
  "GET /v1/agents": { summary: "Agents, in order of name", query: pageQuery, answers: ok },
  [`PUT ${agent}`]: {
    summary: "Makes an agent, or gives it a new definition",
    body: definitionSchema,
    answers: ok,
  },
  [`GET ${agent}`]: { summary: "One agent", answers: ok },
  [`DELETE ${agent}`]: { summary: "Forgets an agent and all it kept", answers: gone },
  [`POST ${agent}/messages`]: {
    summary: "Sends a message and answers with the reply, or tells of it as events",
    headers: ["Idempotency-Key"],
    body: messageBody,
    answers: { ...ok, 202: json },
  },
  [`GET ${agent}/messages`]: {
    summary: "What was said, oldest first",
    query: pageQuery,
    answers: ok,
  },
  [`GET ${agent}/state`]: { summary: "Its state, with an ETag", answers: ok },
  [`PATCH ${agent}/state`]: {
    summary: "Merges a patch into its state (RFC 7396)",
    headers: ["If-Match"],
    answers: ok,
  },
  [`GET ${agent}/memory`]: {
    summary: "What its code keeps by key; with q, what fits best",
    query: pageQuery,
    answers: ok,
  },
  [`POST ${agent}/sql`]: { summary: "Runs SQL in its database", body: sqlArguments, answers: ok },
  [`GET ${agent}/schedules`]: { summary: "Its alarms", query: offsetQuery, answers: ok },
  [`POST ${agent}/schedules`]: {
    summary: "Adds an alarm: at, delayMs or cron with timeZone, and a message",
    answers: { 201: json },
  },
  [`DELETE ${agent}/schedules/:id`]: { summary: "Takes an alarm back", answers: gone },
  [`GET ${agent}/skills`]: { summary: "Its skills", query: offsetQuery, answers: ok },
  [`GET ${agent}/skills/:skill`]: { summary: "One skill with its versions", answers: ok },
  [`PUT ${agent}/skills/:skill`]: { summary: "Saves a skill", body: skillBody, answers: ok },
  [`DELETE ${agent}/skills/:skill`]: { summary: "Forgets a skill", answers: gone },
  [`GET ${agent}/socket`]: {
    summary: "A WebSocket: messages in; message, delta, run, call, state and error out",
    answers: { 101: json },
  },
};
