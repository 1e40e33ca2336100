/** The guest's `memory.*`: each principal its own. @module */

import type { z } from "zod";
import { AirlockError, type Issue } from "../errors/airlock_error.ts";
import { memoryOwner } from "../grants/principal.ts";
import type { InvokeTool, SignedCall } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import { MemorySearch } from "./memory_search.ts";
import { MemoryStore, type MemoryStoreOptions } from "./memory_store.ts";
import { memoryArguments } from "./memory_tools.ts";

const defaultHits = 10;

/** All that is kept, and the way in for code. */
export interface Memory {
  /** What is kept. */
  readonly store: MemoryStore;
  /** Finds in it. */
  readonly search: MemorySearch;
  /** Answers `memory.*` calls out of the memory of the principal that the call was granted to. */
  readonly invoke: InvokeTool;
}

/** Makes the memory that lies in a KV. */
export function createMemory(kv: Deno.Kv, options: MemoryStoreOptions = {}): Memory {
  const store = new MemoryStore(kv, options);
  const search = new MemorySearch(store);
  const invoke: InvokeTool = async (call, { signal }) => {
    signal.throwIfAborted();
    return await invokeMemory(call, store, search);
  };
  return { store, search, invoke };
}

async function invokeMemory(
  { grant: { tool, principal }, args }: SignedCall,
  store: MemoryStore,
  search: MemorySearch,
): Promise<Json> {
  const owner = memoryOwner(principal);
  switch (tool.member) {
    case "get": {
      const { key } = parseArguments(tool.name, memoryArguments.get, args);
      return await store.get(owner, key) ?? null;
    }
    case "set": {
      const { key, value } = parseArguments(tool.name, memoryArguments.set, args);
      await store.set(owner, key, value);
      return null;
    }
    case "delete": {
      const { key } = parseArguments(tool.name, memoryArguments.delete, args);
      return await store.delete(owner, key);
    }
    case "list": {
      const options = parseArguments(tool.name, memoryArguments.list, args);
      return (await store.list(owner, options)).map(({ key, at }) => ({ key, at }));
    }
    case "search": {
      const { query, limit } = parseArguments(tool.name, memoryArguments.search, args);
      return (await search.find(owner, query, limit ?? defaultHits)).map((hit) => ({ ...hit }));
    }
    default:
      throw new TypeError(`Cannot call "${tool.name}": it is not a tool of memory`);
  }
}

function parseArguments<T>(tool: string, schema: z.ZodType<T>, args: unknown): T {
  const { data, error } = schema.safeParse(args);
  if (error === undefined) return data;
  const issues: Issue[] = error.issues.map(({ path, message }) => ({
    path: path.join("."),
    message,
  }));
  const [{ path, message }] = issues;
  const problem = path === "" ? message : `"${path}": ${message}`;
  throw new AirlockError("invalid_arguments", `Cannot call "${tool}": ${problem}`, { issues });
}
