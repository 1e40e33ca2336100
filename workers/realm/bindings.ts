/** The names through which code reaches its tools: `shop.reviews()`, `tools`, `memory`, `skills`. @module */

import type { Namespace, RunMessage } from "../../src/protocol/messages.ts";
import type { Calls } from "./calls.ts";
import { defineProperty, freeze } from "./primordials.ts";

type Binding = (args?: unknown) => Promise<unknown>;
type Bindings = Record<string, Binding>;

/** Names that must never look like tools, or an object would pass for something it is not. */
const neverTools: Record<string, boolean> = Object.assign(Object.create(null), {
  ["__proto__"]: true,
  then: true,
  toJSON: true,
  constructor: true,
  prototype: true,
  toString: true,
  toLocaleString: true,
  valueOf: true,
  hasOwnProperty: true,
  isPrototypeOf: true,
  propertyIsEnumerable: true,
  inspect: true,
});

/** Defines the names of all granted servers on the guest's global. */
export function installBindings(
  global: object,
  calls: Calls,
  { namespaces, sql }: Pick<RunMessage, "namespaces" | "sql">,
): void {
  const tools = Object.create(null);
  expose(
    tools,
    "search",
    (query: unknown, options: unknown) => calls.query("search", { query, options }),
  );
  expose(tools, "describe", (name: unknown) => calls.query("describe", { name }));
  expose(
    tools,
    "resource",
    (uri: unknown, options: unknown) => calls.query("resource", { uri, options }),
  );
  expose(tools, "call", (name: unknown, args: unknown) => calls.call(`${name}`, args));
  for (const namespace of namespaces) {
    const bindings = namespaceBindings(namespace, calls);
    const open = openNamespace(namespace.name, freeze(bindings), calls);
    expose(global, namespace.name, open);
    for (const name of [namespace.name, namespace.server]) {
      if (typeof tools[name] === "function") addMembers(tools[name], bindings);
      else expose(tools, name, open);
    }
  }
  expose(global, "tools", freeze(tools));
  expose(global, "memory", memoryBindings(calls));
  if (sql === true) {
    const query = (text: unknown, params: unknown) =>
      calls.call("sql.query", params === undefined ? { sql: text } : { sql: text, params });
    expose(global, "sql", query);
  }
  expose(global, "skills", openNamespace("skills", freeze(Object.create(null)), calls));
}

/** A server called `search` or `call`: its tools hang on the function of that name. */
function addMembers(target: object, bindings: Bindings): void {
  for (const name of Object.getOwnPropertyNames(bindings)) expose(target, name, bindings[name]);
}

function namespaceBindings({ name, tools }: Namespace, calls: Calls): Bindings {
  const bindings: Bindings = Object.create(null);
  for (const { member, tool } of tools) {
    const binding: Binding = (args) => calls.call(`${name}.${member}`, args);
    expose(bindings, member, binding);
    expose(bindings, tool, binding);
  }
  return bindings;
}

/**
 * A namespace that answers for unknown names too: calling one asks the server,
 * which refuses it on record and knows the nearest right name.
 */
function openNamespace(name: string, bindings: Bindings, calls: Calls): Bindings {
  return new Proxy(bindings, {
    get(target, key) {
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key);
      if (neverTools[key]) return undefined;
      return (args?: unknown) => calls.call(`${name}.${key}`, args);
    },
  });
}

function memoryBindings(calls: Calls): object {
  const memory = Object.create(null);
  expose(memory, "get", (key: unknown) => calls.call("memory.get", { key }));
  expose(memory, "set", (key: unknown, value: unknown) => calls.call("memory.set", { key, value }));
  expose(memory, "delete", (key: unknown) => calls.call("memory.delete", { key }));
  expose(memory, "list", (options: unknown = {}) => calls.call("memory.list", options));
  expose(memory, "search", (query: unknown) => calls.call("memory.search", { query }));
  return freeze(memory);
}

function expose(target: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  if (own !== undefined && !own.configurable) return;
  const isGlobal = target === globalThis;
  defineProperty(target, name, {
    value,
    enumerable: true,
    writable: isGlobal,
    configurable: isGlobal,
  });
}
