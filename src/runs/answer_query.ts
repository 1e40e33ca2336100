/** Answers what code asks about its tools: `tools.search()`, `tools.describe()`, `tools.resource()`. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery } from "../protocol/messages.ts";
import type { ToolSearch } from "../search/tool_search.ts";
import { answerResource } from "./answer_resource.ts";
import type { AnswerResourceDeps } from "./answer_resource.ts";

/** What {@linkcode answerQuery} needs. */
export interface AnswerQueryDeps extends AnswerResourceDeps {
  /** Finds and shows tools. */
  search: ToolSearch;
}

const searchArgs = z.object({
  query: z.string().max(1_000).optional(),
  options: z.object({
    server: z.string().max(256).optional(),
    detail: z.enum(["names", "signatures", "full"]).optional(),
    limit: z.int().positive().max(1_000).optional(),
  }).optional(),
});
const describeArgs = z.object({ name: z.string().max(1_000) });

/**
 * Answers a question about tools.
 *
 * @throws {AirlockError} `invalid_arguments`, or `tool_unknown` with the nearest name.
 */
export function answerQuery(
  query: GuestQuery,
  args: Json,
  deps: AnswerQueryDeps,
  signal: AbortSignal,
): Promise<Json> {
  switch (query) {
    case "search":
      return Promise.resolve(search(args, deps));
    case "describe":
      return Promise.resolve(describe(args, deps));
    case "resource":
      return answerResource(args, deps, signal);
    default:
      return query satisfies never;
  }
}

function search(args: Json, { grants, search }: AnswerQueryDeps): Json {
  const parsed = searchArgs.safeParse(args);
  if (!parsed.success) throw invalid("search", "(query, { server?, detail?, limit? })");
  const { query, options } = parsed.data;
  const items = search.search(query, { ...options, allows: (tool) => grants.allows(tool) });
  return JSON.parse(JSON.stringify(items));
}

function describe(args: Json, { grants, search }: AnswerQueryDeps): Json {
  const parsed = describeArgs.safeParse(args);
  if (!parsed.success) throw invalid("describe", "(name)");
  const { name } = parsed.data;
  const tool = grants.find(name);
  if (tool !== undefined && grants.allows(tool)) {
    return search.item(tool, "full").declaration ?? tool.name;
  }
  const nearest = nearestName(name, grants.tools().map((known) => known.name));
  throw new AirlockError("tool_unknown", `Cannot describe "${name}": there is no such tool`, {
    hint: nearest === undefined ? undefined : `Perhaps "${nearest}" was meant`,
  });
}

function invalid(name: string, form: string): AirlockError {
  return new AirlockError("invalid_arguments", `Cannot call "tools.${name}": it takes ${form}`);
}
