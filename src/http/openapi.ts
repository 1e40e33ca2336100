/** The machine-readable description: `/openapi.json`. @module */

import { Hono } from "hono";
import { z } from "zod";
import { answerSchemas } from "./answer_schemas.ts";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { agentOperations } from "./agent_operations.ts";
import { operationsOf } from "./operations.ts";
import type { Answer, Operation } from "./operations.ts";

/** A part of the document: JSON without a narrower type. */
type Part = Record<string, unknown>;

/** Serves the document. */
export function openapiRoutes(
  deps: Pick<HttpDeps, "config" | "version" | "agents">,
): Hono<HttpEnv> {
  const document = describeApi(deps);
  return new Hono<HttpEnv>().get("/", (c) => c.json(document));
}

/** The OpenAPI 3.1 document of all routes, with the configured limits. */
export function describeApi(deps: Pick<HttpDeps, "config" | "version" | "agents">): Part {
  const paths: Record<string, Part> = {};
  const operations = {
    ...operationsOf(deps.config.limits),
    ...(deps.agents !== undefined && agentOperations),
  };
  for (const [route, operation] of Object.entries(operations)) {
    const [method, path] = route.split(" ");
    const template = path.replace(/:(\w+)/g, "{$1}");
    for (const name of method === "ALL" ? ["get", "post", "delete"] : [method.toLowerCase()]) {
      paths[template] = { ...paths[template], [name]: describeOperation(name, path, operation) };
    }
  }
  const components = Object.entries(answerSchemas).map((
    [name, schema],
  ) => [name, toSchema(schema)]);
  return {
    openapi: "3.1.0",
    info: { title: "Airlock", version: deps.version },
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}

function describeOperation(method: string, path: string, operation: Operation): Part {
  const { summary, body, answers, isOpen = false } = operation;
  const responses = Object.entries(answers).map(([status, answer]) => [
    status,
    { description: status === "200" ? "Done" : statusTexts[status], content: toContent(answer) },
  ]);
  return {
    operationId: operationId(method, path),
    summary,
    ...(isOpen && { security: [] }),
    parameters: parametersOf(path, operation),
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: toSchema(body) } } },
    }),
    responses: { ...Object.fromEntries(responses), default: refused },
  };
}

const statusTexts: Record<string, string> = {
  "202": "Taken in; it goes on, or waits for an approval",
  "503": "Not now",
};

const refused = {
  description: "Refused, or failed",
  content: { "application/problem+json": { schema: reference("Problem") } },
};

function parametersOf(path: string, { query, headers = [] }: Operation): Part[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    schema: toSchema(schema),
  }));
  const inHeader = headers.map((name) => ({ name, in: "header", schema: { type: "string" } }));
  return [...inPath, ...inQuery, ...inHeader];
}

function toContent(answer: Answer): Part {
  switch (answer.kind) {
    case "json":
      return { "application/json": { schema: reference(answer.schema) } };
    case "list":
      return { "application/json": { schema: listOf(reference(answer.schema)) } };
    case "other":
      return { [answer.mediaType]: {} };
    default:
      return answer satisfies never;
  }
}

function listOf(items: Part): Part {
  return {
    type: "object",
    required: ["items"],
    properties: { items: { type: "array", items }, cursor: { type: "string" } },
  };
}

function reference(name: string): Part {
  return { $ref: `#/components/schemas/${name}` };
}

function toSchema(schema: z.core.$ZodType): Part {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}

/** `get /v1/runs/:id` → `getRunsById`. */
function operationId(method: string, path: string): string {
  const words = path.replace("/v1", "").replace(/:(\w+)/g, "by/$1").split(/\W+/).filter(Boolean);
  return method + (words.length === 0 ? ["console"] : words)
    .map((word) => word[0].toUpperCase() + word.slice(1)).join("");
}
