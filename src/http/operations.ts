/** What each route takes and gives: the source of `/openapi.json`. @module */

import type { z } from "zod";
import type { Limits } from "../config/config.ts";
import type { AnswerName } from "./answer_schemas.ts";
import { decisionBody } from "./approvals.ts";
import { loginAnswer } from "./login_callback.ts";
import { offsetQuery, pageQuery } from "./page.ts";
import { runBodySchema } from "./run_body.ts";
import { acceptBody, toolQuery } from "./tools.ts";
import { typesQuery } from "./types.ts";

/** One method of one route. */
export interface Operation {
  summary: string;
  /** Parameters of the query. @default {none} */
  query?: z.ZodObject;
  /** Headers that change what it does. @default {none} */
  headers?: readonly string[];
  /** The JSON body. @default {none} */
  body?: z.ZodObject;
  /** What it answers, by status. */
  answers: Record<number, Answer>;
  /** Whether it is served without a key. @default {false} */
  isOpen?: boolean;
}

/** One good answer. */
export type Answer =
  | { kind: "json"; schema: AnswerName }
  | { kind: "list"; schema: AnswerName }
  | { kind: "other"; mediaType: string };

/** All operations, by method and path as the routes were registered. */
export function operationsOf(limits: Limits): Record<string, Operation> {
  return {
    "GET /healthz": { summary: "Tells that it is alive", answers: ok("Health"), isOpen: true },
    "GET /readyz": {
      summary: "Tells whether code can be run, and how it is isolated",
      answers: { ...ok("Readiness"), 503: { kind: "json", schema: "Readiness" } },
      isOpen: true,
    },
    "GET /.well-known/jwks.json": {
      summary: "Public keys of the receipts",
      answers: ok("JwkSet"),
      isOpen: true,
    },
    "GET /": { summary: "The console for people", answers: other("text/html"), isOpen: true },
    "GET /oauth/callback": {
      summary: "Takes the answer to a login to an upstream",
      query: loginAnswer,
      answers: other("text/plain"),
      isOpen: true,
    },
    "GET /openapi.json": { summary: "This document", answers: other("application/json") },
    "POST /v1/runs": {
      summary: "Runs code",
      headers: ["Idempotency-Key"],
      body: runBodySchema(limits),
      answers: { ...ok("RunReport"), 202: { kind: "json", schema: "RunReport" } },
    },
    "GET /v1/runs": {
      summary: "Runs, newest first",
      query: pageQuery,
      answers: list("RunSummary"),
    },
    "GET /v1/runs/:id": { summary: "The report of a run", answers: ok("RunReport") },
    "POST /v1/runs/:id/cancel": { summary: "Stops a run", answers: ok("RunReport") },
    "GET /v1/runs/:id/events": {
      summary: "Follows a run: log, call, progress, approval, end",
      headers: ["Last-Event-ID"],
      answers: other("text/event-stream"),
    },
    "GET /v1/runs/:id/receipts": { summary: "The receipts of a run", answers: ok("Receipts") },
    "GET /v1/tools": { summary: "Searches tools", query: toolQuery, answers: list("ToolItem") },
    "GET /v1/tools/:name": { summary: "All about one tool", answers: ok("Tool") },
    "POST /v1/tools/:name/accept": {
      summary: "Accepts a changed tool",
      body: acceptBody,
      answers: ok("Tool"),
    },
    "GET /v1/types": {
      summary: "Ambient TypeScript declarations",
      query: typesQuery,
      answers: other("text/plain"),
    },
    "GET /v1/servers": {
      summary: "The upstreams and how they stand",
      query: offsetQuery,
      answers: list("ServerState"),
    },
    "POST /v1/servers/:name/reconnect": {
      summary: "Connects an upstream anew",
      answers: ok("ServerState"),
    },
    "POST /v1/servers/:name/auth": {
      summary: "Begins the login to an upstream",
      answers: ok("LoginPage"),
    },
    "GET /v1/approvals": {
      summary: "Calls that wait for a person",
      query: offsetQuery,
      answers: list("Approval"),
    },
    "POST /v1/approvals/:id": {
      summary: "Decides about a call that waits",
      body: decisionBody,
      answers: ok("Approval"),
    },
    "ALL /mcp": { summary: "MCP over Streamable HTTP", answers: other("application/json") },
  };
}

function ok(schema: AnswerName): Operation["answers"] {
  return { 200: { kind: "json", schema } };
}

function list(schema: AnswerName): Operation["answers"] {
  return { 200: { kind: "list", schema } };
}

function other(mediaType: string): Operation["answers"] {
  return { 200: { kind: "other", mediaType } };
}
