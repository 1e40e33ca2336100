/**
 * The guest's realm: builds everything that guest code finds, then runs the
 * code and reports how it ended. Bundled into one script that is evaluated in
 * the `node:vm` context before any guest code. @module
 */

import type { AnswerMessage, GuestFault, RunMessage } from "../../src/protocol/messages.ts";
import { utf8Length, utf8Prefix } from "./utf8.ts";
import { installBindings } from "./bindings.ts";
import { installRecordedTime } from "./recorded_time.ts";
import { type Calls, createCalls } from "./calls.ts";
import { createFinalizationRegistry } from "./finalization.ts";
import { guardGateway, type RawGateway } from "./gateway.ts";
import { faultFrom, resultText } from "./outcome.ts";
import { installPlatform } from "./platform.ts";
import { defineHidden, jsonStringify, promiseThen, toNumber, trunc } from "./primordials.ts";
import { ToolError } from "./tool_error.ts";

/** What the Worker around the realm may call in it. */
export interface Realm {
  /** Prepares for a run: its limits, its `input`, its tools. */
  open(run: string): void;
  /** Calls the compiled code, from a fresh turn so that no outer frame is on its stack. */
  run(main: () => Promise<unknown>): void;
  /** Ends the run before its code began. */
  fail(fault: string): void;
  /** Hands over an answer of the server. */
  receive(answer: string): void;
  /** A timer is due. */
  fire(timer: number): void;
  /** A promise was rejected and nobody listens. */
  unhandled(reason: unknown): void;
  /** Of the promises of this realm: what tells them from another's. */
  readonly promisePrototype: object;
}

/** What is known of a run once it is opened: {@linkcode RunMessage} without its code. */
type OpenedRun = Omit<RunMessage, "code">;

const { parse } = JSON;

/** Milliseconds between two progress messages that are worth sending. */
const progressPauseMs = 20;
/** Blocks that one run may emit. */
const maxBlocks = 1_000;
/** Has no `constructor`, so that `then` does not ask the guest's `Symbol.species`. */
const settled: Promise<void> = Promise.resolve();
defineHidden(settled, "constructor", undefined);

/** Builds the realm around a gateway. */
export function createRealm(raw: RawGateway): Realm {
  const gateway = guardGateway(raw);
  let calls: Calls | undefined;
  let limits = { calls: 0, callsInFlight: 0, argumentBytes: 0, logBytes: 0, resultBytes: 0 };
  let logBytes = 0;
  let emittedBytes = 0;
  let blocks = 0;
  let ended = false;

  const onUncaught = (error: unknown) => fail(faultFrom(error));
  const { fire, log } = installPlatform(globalThis, { gateway, log: sendLog, onUncaught });
  const registryClass = createFinalizationRegistry({ isOver: () => ended, onUncaught });
  defineHidden(globalThis, "FinalizationRegistry", registryClass);
  installOutput();

  return {
    open(text) {
      const run: OpenedRun = parse(text);
      if (run.durable !== undefined) {
        installRecordedTime(globalThis, gateway, run.durable.at);
      }
      limits = run.limits;
      calls = createCalls({
        gateway,
        limits,
        onFlood: (fault) => fail({ ...fault, name: "ToolError" }),
      });
      installBindings(globalThis, calls, run);
      defineHidden(globalThis, "input", run.input === undefined ? undefined : parse(run.input));
    },
    run(main) {
      promiseThen(promiseThen(Promise.resolve(), main), succeed, (error) => fail(faultFrom(error)));
    },
    fail: (fault) => fail(parse(fault)),
    receive: (text) =>
      later(() => {
        const answer: AnswerMessage = parse(text);
        calls?.answer(answer);
      }),
    fire: (timer) => later(() => fire(timer)),
    unhandled: (reason) => later(() => log("error", ["Unhandled rejection:", reason])),
    promisePrototype: Promise.prototype,
  };

  /** On a turn of its own: no frame of the Worker is on the stack that guest code can read. */
  function later(act: () => void): void {
    promiseThen(settled, act);
  }

  function succeed(result: unknown): void {
    const { json, fault } = resultText(result, limits.resultBytes);
    if (fault !== undefined) return fail(fault);
    end(`{"type":"done",${json === undefined ? "" : `"result":${json},`}"logBytes":${logBytes}}`);
  }

  function fail(fault: GuestFault): void {
    end(`{"type":"failed","fault":${faultText(fault)},"logBytes":${logBytes}}`);
  }

  function end(json: string): void {
    if (ended) return;
    ended = true;
    gateway("send", json, true);
  }

  /** Sends a log line as long as there is room for it, and counts it in any case. */
  function sendLog(level: string, text: string): void {
    const room = limits.logBytes - logBytes;
    // An empty line counts too, or there would be no end to them.
    logBytes += text === "" ? 1 : utf8Length(text);
    if (room <= 0 || ended) return;
    const kept = jsonStringify(utf8Prefix(text, room));
    const ms = gateway("now");
    gateway("send", `{"type":"log","level":"${level}","text":${kept},"ms":${ms}}`, false);
  }

  function installOutput(): void {
    let lastProgressMs = -progressPauseMs;
    let hasFinished = false;
    defineHidden(globalThis, "ToolError", ToolError);
    defineHidden(globalThis, "progress", (done: unknown, total?: unknown, text?: unknown) => {
      const isSoon = gateway("now") - lastProgressMs < progressPauseMs;
      const finishes = done === total && !hasFinished;
      if (ended || (isSoon && !finishes)) return;
      lastProgressMs = gateway("now");
      hasFinished = done === total;
      const rest = (total === undefined ? "" : `,"total":${numberText(total)}`) +
        (text === undefined ? "" : `,"text":${jsonStringify(utf8Prefix(`${text}`, 1_000))}`);
      gateway("send", `{"type":"progress","done":${numberText(done)}${rest}}`, false);
    });
    defineHidden(globalThis, "emit", (block: unknown) => {
      const { json, fault } = resultText(block, limits.resultBytes - emittedBytes);
      if (json === undefined) throw new TypeError(fault?.message ?? "Cannot emit nothing");
      if (++blocks > maxBlocks) throw new RangeError(`Cannot emit: ${maxBlocks} blocks are out`);
      emittedBytes += utf8Length(json);
      if (!ended) gateway("send", `{"type":"emit","block":${json}}`, false);
    });
  }
}

function numberText(value: unknown): string {
  const number = toNumber(value);
  return number - number === 0 ? `${number}` : "0";
}

/** A fault as JSON text, built from strings alone: the guest may have set a `toJSON`. */
function faultText(fault: GuestFault): string {
  let text = `{"code":${jsonStringify(`${fault.code}`)},"name":${jsonStringify(`${fault.name}`)}`;
  text += `,"message":${jsonStringify(`${fault.message}`)}`;
  if (fault.tool !== undefined) text += `,"tool":${jsonStringify(`${fault.tool}`)}`;
  if (fault.hint !== undefined) text += `,"hint":${jsonStringify(`${fault.hint}`)}`;
  if (fault.line !== undefined) text += `,"line":${placeText(fault.line)}`;
  if (fault.column !== undefined) text += `,"column":${placeText(fault.column)}`;
  return text + "}";
}

/** A line or a column: counted with built-ins that the guest may have replaced, so made sure of. */
function placeText(value: unknown): string {
  const place = trunc(toNumber(value));
  return place > 0 ? numberText(place) : "1";
}
