/**
 * The part of the web platform that guest code finds: everything here is of the
 * realm itself, and what is not on the list is taken away. @module
 */

import { AbortController, AbortSignal } from "./abort.ts";
import { connect } from "./connection.ts";
import { type ConsoleLevel, createConsole, type Log } from "./console.ts";
import { createCrypto } from "./crypto.ts";
import { formatLog } from "./format_log.ts";
import type { RawGateway } from "./gateway.ts";
import { showInstances } from "./object_kinds.ts";
import { defineHidden, deleteProperty, toText } from "./primordials.ts";
import { lockStackTraces } from "./stack_traces.ts";
import { structuredClone } from "./structured_clone.ts";
import { atob, btoa, TextDecoder, TextEncoder } from "./text_coding.ts";
import { createTimers, type Timers } from "./timers.ts";
import { URL } from "./url.ts";
import { URLSearchParams } from "./url_search_params.ts";

/** What {@linkcode installPlatform} needs. */
export interface PlatformDeps {
  /** The guarded way out; never let guest code see it. */
  readonly gateway: RawGateway;
  /** Takes what the guest's console logs. */
  readonly log: Log;
  /** Takes what a callback threw: nobody else is there to catch it. */
  readonly onUncaught: (error: unknown) => void;
  /**
   * Longest logged text, in UTF-8 bytes.
   * @default {1048576}
   */
  readonly maxLogBytes?: number;
}

/** What the realm keeps of its platform. */
export interface Platform extends Pick<Timers, "fire" | "closed"> {
  /** Logs values as the guest's console would, whatever became of it. */
  log(level: ConsoleLevel, args: readonly unknown[]): void;
}

/** Globals of a new context that guest code does not get. */
const removed = ["eval", "WebAssembly", "SharedArrayBuffer", "ShadowRealm", "Atomics"];

/** Puts the platform on the realm's global, before any guest code runs. */
export function installPlatform(global: object, deps: PlatformDeps): Platform {
  const { gateway, log, onUncaught, maxLogBytes: maxBytes = 1_048_576 } = deps;
  const now = () => gateway("now");
  const timers = createTimers({ gateway, onUncaught });
  connect({ gateway, onUncaught, later: (callback, ms) => void timers.setTimeout(callback, ms) });
  showInstances(URL.prototype, (url) => ({ href: toText(url) }));
  showInstances(URLSearchParams.prototype, (params) => ({ query: toText(params) }));

  lockStackTraces(global);
  for (const name of removed) deleteProperty(global, name);
  const { setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, sleep } = timers;
  const added = {
    AbortController,
    AbortSignal,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    atob,
    btoa,
    clearInterval,
    clearTimeout,
    console: createConsole(log, now, { maxBytes }),
    crypto: createCrypto(gateway),
    performance: { now },
    queueMicrotask,
    setInterval,
    setTimeout,
    sleep,
    structuredClone,
  };
  for (const [name, value] of Object.entries(added)) defineHidden(global, name, value);
  return {
    fire: timers.fire,
    closed: timers.closed,
    log: (level, args) => log(level, formatLog(args, { maxBytes })),
  };
}
