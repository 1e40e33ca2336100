/**
 * The guest's Worker: a permission-less thread whose globals are stripped, and
 * in it the `node:vm` context that guest code runs in. It compiles the code,
 * keeps its timers and passes messages; of the realm it touches nothing but
 * the functions that the realm gave it before any guest code ran. @module
 */

import { createGatewayOperations } from "./guest_gateway.ts";
import { guestCommands, type GuestRun, guestSignals } from "./guest_protocol.ts";
import type { RawGateway } from "./realm/gateway.ts";
import type { Realm } from "./realm/main.ts";
import { type RecordedSource, recordedSource } from "./recorded_source.ts";
import { stripGlobals } from "./strip_globals.ts";

/** Set by the build: the realm's script, a function from gateway to {@linkcode Realm}. */
declare const realmScript: string;

/** The Worker's global, as far as it is used here. */
declare const self: {
  postMessage(message: string): void;
  addEventListener(type: "message", listener: (event: MessageEvent<string>) => void): void;
  addEventListener(
    type: "unhandledrejection",
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
};

/** One realm, good for one run. */
interface Guest {
  start(run: GuestRun): void;
  receive(answer: string): void;
  /** A promise was rejected and nobody listens; one of another realm is not its concern. */
  unhandled(promise: object, reason: unknown): void;
  /** From here on no code of the run is called, and nothing it says is passed on. */
  close(): void;
}

const vm = process.getBuiltinModule("vm");
const { isProxy } = process.getBuiltinModule("util/types");
const ownErrors = new Set<object>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, DOMException]
    .map(({ prototype }) => prototype),
);
const post = self.postMessage.bind(self);
const listen: typeof self.addEventListener = self.addEventListener.bind(self);
const now = performance.now.bind(performance);
const realmFactory = new vm.Script(realmScript, { filename: "realm.js" });

/** Makes a realm; `say` takes what its run has to say to the host. */
function createGuest(say: (message: string) => void): Guest {
  let live = true;
  let startedAt = now();
  let recorded: RecordedSource | undefined;
  const { operations, stopTimers } = createGatewayOperations({
    send: (json, final) => {
      if (live) say((final ? guestSignals.final : guestSignals.message) + json);
    },
    now: () => now() - startedAt,
    recorded: () => recorded,
    fire: (timer) => {
      if (live) fire(timer);
    },
  });
  const raw: RawGateway = (operation, ...args) =>
    Reflect.apply(operations[operation], undefined, args);
  const context = vm.createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  });
  const { open, run, fail, receive, fire, unhandled, promisePrototype }: Realm = realmFactory
    .runInContext(context)(raw);

  return {
    start({ script, opened, durable }) {
      if (durable !== undefined) recorded = recordedSource(durable);
      open(opened);
      startedAt = now();
      try {
        run(new vm.Script(script, { filename: "script.ts" }).runInContext(context));
      } catch (error) {
        // Only compiling throws here, and what it throws is of this realm.
        const message = error instanceof Error ? error.message : "the code does not compile";
        fail(JSON.stringify({ code: "syntax_error", name: "SyntaxError", message }));
      }
    },
    receive(answer) {
      if (!live) return;
      recorded?.note(answer);
      const timer = recorded && timerIn(answer);
      if (timer === undefined) receive(answer);
      else fire(timer);
    },
    unhandled(promise, reason) {
      if (live && hasPrototype(promise, promisePrototype)) unhandled(reason);
    },
    close() {
      live = false;
      stopTimers();
    },
  };
}

/** The run that a new Worker goes through before its first. */
const emptyRun = {
  script: '(async function () {"use strict";})',
  opened: JSON.stringify({
    namespaces: [],
    limits: { calls: 0, callsInFlight: 1, argumentBytes: 0, logBytes: 0, resultBytes: 64 },
  }),
} satisfies GuestRun;

let guest = createGuest((message) => {
  if (message[0] === guestSignals.final) Promise.resolve().then(renew);
});

function renew(): void {
  guest.close();
  guest = createGuest(post);
  post(guestSignals.ready);
}

listen("message", ({ data }) => {
  const text = data.slice(1);
  switch (data[0]) {
    case guestCommands.run:
      return guest.start(JSON.parse(text));
    case guestCommands.answer:
      return guest.receive(text);
    case guestCommands.close:
      guest.close();
      return post(guestSignals.closed);
    case guestCommands.warm:
      return guest.start(emptyRun);
    case guestCommands.renew:
      return renew();
  }
});
listen("unhandledrejection", (event) => {
  const { promise, reason } = event;
  // An error of this realm is our own fault, and must not get into the other: it ends the Worker.
  if (isOwnError(reason)) throw reason;
  event.preventDefault();
  guest.unhandled(promise, reason);
});

const dueTimer = /^\{"at":\d{1,16},"type":"timer","timer":(\d{1,16})\}$/;

/** The timer of a durable run that an answer says is due. */
function timerIn(answer: string): number | undefined {
  const timer = answer.length < 100 ? dueTimer.exec(answer) : null;
  return timer === null ? undefined : Number(timer[1]);
}

/** Like `isPrototypeOf()`, but asks no proxy: its traps may be an earlier run's code. */
function hasPrototype(value: object, prototype: object): boolean {
  let object: object | null = value;
  while (object !== null && object !== prototype) {
    if (isProxy(object)) return false;
    object = Object.getPrototypeOf(object);
  }
  return object !== null;
}

/** Unlike `instanceof`, asks nothing that a trap of a proxy could answer: guest code runs in there. */
function isOwnError(reason: unknown): boolean {
  if (typeof reason !== "object" || reason === null || isProxy(reason)) return false;
  return ownErrors.has(Object.getPrototypeOf(reason));
}

stripGlobals(globalThis);
