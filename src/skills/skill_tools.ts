/** Skills as tools: each by its name, and `skills.save` and `skills.list` beside them. @module */

import { z } from "zod";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeTool, SignedCall } from "../grants/signed_call.ts";
import { memoryOwner } from "../grants/principal.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Json } from "../protocol/json.ts";
import type { SkillItem, SkillStore } from "./skill_store.ts";

const saveSchema = z.strictObject({
  name: z.string().max(64),
  description: z.string().max(2_000),
  code: z.string().max(262_144),
});

/** What a skill is, over HTTP. */
export const skillBody: z.ZodObject<Pick<typeof saveSchema.shape, "description" | "code">> =
  saveSchema.omit({ name: true });

/** Runs the code of a skill; rejects with an `AirlockError` where it fails. */
export type RunSkill = (
  skill: { name: string; code: string },
  call: SignedCall,
  signal: AbortSignal,
) => Promise<Json>;

/** The tools of an owner: its skills, and what saves and lists them. */
export async function skillTools(store: SkillStore, owner: string): Promise<Tool[]> {
  return [...fixed, ...(await store.list(owner)).map(toTool)];
}

/** Answers calls of them. */
export function createSkillInvoke(store: SkillStore, run: RunSkill): InvokeTool {
  return async (call, { signal }) => {
    const { tool, principal } = call.grant;
    const owner = memoryOwner(principal);
    if (tool.member === "list") {
      return (await store.list(owner)).map((item) => ({ ...item, origin: { ...item.origin } }));
    }
    if (tool.member === "save") return await save(call, owner, store);
    const skill = await store.get(owner, tool.member);
    if (skill === undefined) {
      throw new AirlockError("tool_failed", `Cannot call "${tool.name}": it was deleted`);
    }
    return await run({ name: tool.member, code: skill.code }, call, signal);
  };
}

async function save({ args, grant }: SignedCall, owner: string, store: SkillStore): Promise<Json> {
  const { data, error } = saveSchema.safeParse(args);
  if (data === undefined) {
    const [{ path, message }] = error.issues;
    const problem = `"${path.join(".")}" ${message}`;
    throw new AirlockError("invalid_arguments", `Cannot save the skill: ${problem}`);
  }
  const { name, ...skill } = data;
  try {
    const { version } = await store.put(owner, name, skill, { by: "run", run: grant.run });
    return { name, version };
  } catch (cause) {
    if (!(cause instanceof AirlockError)) throw cause;
    throw new AirlockError("invalid_arguments", cause.message, { cause });
  }
}

function toTool({ name, description, version }: SkillItem): Tool {
  const listed = { name, description, inputSchema: { type: "object" } };
  return toFrozen(listed, { idempotentHint: true }, hashJson({ ...listed, version }));
}

const fixed: readonly Tool[] = [
  {
    name: "save",
    description:
      "Saves code that worked under a name: skills.NAME(args) runs it, args are its `input`.",
    inputSchema: { ...z.toJSONSchema(saveSchema) },
  },
  {
    name: "list",
    description: "The skills that were saved, with what they do.",
    inputSchema: { type: "object", properties: {} },
  },
].map((listed) =>
  toFrozen(listed, { idempotentHint: true, readOnlyHint: listed.name === "list" }, hashJson(listed))
);

function toFrozen(
  { name, description, inputSchema }: {
    name: string;
    description: string;
    inputSchema: Record<string, unknown>;
  },
  annotations: NonNullable<Tool["annotations"]>,
  hash: string,
): Tool {
  return Object.freeze({
    name: `skills.${name}`,
    server: "skills",
    tool: name,
    namespace: "skills",
    member: name,
    description,
    inputSchema,
    annotations: { ...annotations, openWorldHint: false },
    hash,
  });
}
