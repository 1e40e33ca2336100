/** The platform in a real `node:vm` context, bundled as it is for a Worker. @module */

import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { createGatewayOperations } from "../../../workers/guest_gateway.ts";
import type { RawGateway } from "../../../workers/realm/gateway.ts";
import type { Platform } from "../../../workers/realm/platform.ts";

/** A realm and what came out of it. */
export interface VmRealm extends Disposable {
  /** Evaluates guest code; gives what it evaluates to. */
  evaluate(code: string): unknown;
  readonly logs: string[];
  readonly uncaught: string[];
  readonly platform: Platform;
}

const entry = `
import { guardGateway } from "./gateway.ts";
import { inspect } from "./inspect.ts";
import { installPlatform } from "./platform.ts";
export function install(raw, log, uncaught) {
  const platform = installPlatform(globalThis, {
    gateway: guardGateway(raw),
    log: (level, text) => log(level + ": " + text),
    onUncaught: (error) => uncaught(inspect(error)),
  });
  return platform;
}`;

function bundleRealm(): vm.Script {
  const resolveDir = fileURLToPath(new URL("../../../workers/realm", import.meta.url));
  const { outputFiles } = buildSync({
    stdin: { contents: entry, resolveDir, loader: "ts" },
    bundle: true,
    write: false,
    globalName: "realm",
    format: "iife",
    target: "esnext",
  });
  const code = `(function (raw, log, uncaught) {"use strict";\n${outputFiles[0].text}
return realm.install(raw, log, uncaught); })`;
  return new vm.Script(code, { filename: "realm.js" });
}

const script = bundleRealm();

/** Makes a realm; dispose of it to end its timers. */
export function createVmRealm(): VmRealm {
  const logs: string[] = [];
  const uncaught: string[] = [];
  const { operations, stopTimers } = createGatewayOperations({
    send: () => {},
    now: () => performance.now(),
    fire: (timer) => platform.fire(timer),
  });
  const raw: RawGateway = (operation, ...args) =>
    Reflect.apply(operations[operation], undefined, args);
  const context = vm.createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  });
  const platform: Platform = script.runInContext(context)(
    raw,
    (line: string) => void logs.push(line),
    (error: string) => void uncaught.push(error),
  );
  return {
    evaluate: (code) => new vm.Script(code, { filename: "script.ts" }).runInContext(context),
    logs,
    uncaught,
    platform,
    [Symbol.dispose]() {
      platform.closed();
      stopTimers();
    },
  };
}
