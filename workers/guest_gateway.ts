/** What the guest's Worker does for the realm: timers, random bytes, text, URLs. @module */

import type { GatewayOperations } from "./realm/gateway.ts";
import type { RecordedSource } from "./recorded_source.ts";

/** What {@linkcode createGatewayOperations} needs. */
export interface GatewayDeps extends Pick<GatewayOperations, "send" | "now"> {
  /** A timer is due. */
  fire(timer: number): void;
  /** Where a durable run takes time and chance from, once it has begun. @default {the machine} */
  recorded?(): RecordedSource | undefined;
}

/** The components of a URL that the realm is told. */
const components = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
type Component = typeof components[number];

// Taken before the globals are stripped.
const platform = {
  URL,
  TextDecoder,
  encoder: new TextEncoder(),
  crypto,
  getRandomValues: crypto.getRandomValues,
  setTimeout,
  clearTimeout,
  atob,
  btoa,
};

/** The operations behind a realm's gateway, and how to stop its timers. */
export function createGatewayOperations(
  deps: GatewayDeps,
): { operations: GatewayOperations; stopTimers: () => void } {
  const timers = new Map<number, ReturnType<typeof setTimeout>>();

  const operations: GatewayOperations = {
    send: deps.send,
    now: () => deps.recorded?.()?.now() ?? deps.now(),
    startTimer(id, ms) {
      if (deps.recorded?.() !== undefined) {
        // The server keeps the clock: it answers when the timer is due.
        return deps.send(`{"type":"timer","timer":${id},"ms":${ms}}`, false);
      }
      const due = () => {
        timers.delete(id);
        deps.fire(id);
      };
      timers.set(id, platform.setTimeout(due, ms));
    },
    stopTimer(id) {
      platform.clearTimeout(timers.get(id));
      timers.delete(id);
    },
    random(bytes) {
      const recorded = deps.recorded?.();
      if (recorded === undefined) platform.getRandomValues.call(platform.crypto, bytes);
      else recorded.random(bytes);
    },
    encode: (text, bytes) => platform.encoder.encodeInto(text, bytes).written,
    decode: (bytes, fatal, ignoreBOM) =>
      attempt(() => new platform.TextDecoder("utf-8", { fatal, ignoreBOM }).decode(bytes)),
    btoa: (text) => attempt(() => platform.btoa(text)),
    atob: (text) => attempt(() => platform.atob(text)),
    parseUrl: (url, base) => attempt(() => componentsText(new platform.URL(url, base))),
    changeUrl: (text, component, value) => {
      const url = new platform.URL(text);
      if (isComponent(component) && component !== "origin") url[component] = value;
      return componentsText(url);
    },
  };
  return { operations, stopTimers: () => timers.forEach((_, id) => operations.stopTimer(id)) };
}

function componentsText(url: URL): string {
  return JSON.stringify(Object.fromEntries(components.map((name) => [name, url[name]])));
}

function isComponent(name: string): name is Component {
  return components.some((component) => component === name);
}

/** Malformed input is an answer here, not an exception: none may cross into the realm. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
