import { deepStrictEqual, strictEqual, throws } from "assert";
import { AbortController, AbortSignal } from "../../../workers/realm/abort.ts";
import { connectGateway } from "./connect_gateway.ts";

Deno.test("AbortController tells each listener once, in order", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const seen: string[] = [];
  const twice = () => seen.push("twice");

  signal.onabort = () => seen.push("onabort");
  signal.addEventListener("abort", twice);
  signal.addEventListener("abort", twice);
  signal.addEventListener("abort", {
    handleEvent: ({ type, target }) => seen.push(`${type} ${target === signal}`),
  }, { once: true });
  signal.addEventListener("other", () => seen.push("other"));
  controller.abort("why");
  controller.abort("again");

  deepStrictEqual([seen, signal.aborted, signal.reason], [
    ["onabort", "twice", "abort true"],
    true,
    "why",
  ]);
});

Deno.test("AbortSignal forgets a listener that was removed, even while it tells", () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const removed = () => seen.push("removed");

  controller.signal.addEventListener(
    "abort",
    () => controller.signal.removeEventListener("abort", removed),
  );
  controller.signal.addEventListener("abort", removed);
  controller.abort();

  deepStrictEqual(seen, []);
});

Deno.test("AbortSignal.abort() has an AbortError as its reason", () => {
  const signal = AbortSignal.abort();

  throws(() => signal.throwIfAborted(), {
    name: "AbortError",
    message: "The signal has been aborted",
  });
  strictEqual(new AbortController().signal.throwIfAborted(), undefined);
});

Deno.test("AbortSignal.timeout() aborts when its time is up", () => {
  const { later } = connectGateway();
  const signal = AbortSignal.timeout(30);

  const before = signal.aborted;
  later[0].callback();

  deepStrictEqual([before, later[0].ms, signal.aborted], [false, 30, true]);
  throws(() => signal.throwIfAborted(), { name: "TimeoutError" });
});

Deno.test("AbortSignal.any() takes the reason of the first", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const either = AbortSignal.any([first.signal, second.signal]);
  const both = AbortSignal.any([either, AbortSignal.abort("at once")]);

  second.abort("second");
  first.abort("first");

  deepStrictEqual([either.reason, both.reason], ["second", "at once"]);
});

Deno.test("AbortSignal reports what a listener throws and tells the others", () => {
  const { uncaught } = connectGateway();
  const controller = new AbortController();
  const seen: string[] = [];

  controller.signal.addEventListener("abort", () => {
    throw "broken";
  });
  controller.signal.addEventListener("abort", () => seen.push("told"));
  controller.abort();

  deepStrictEqual([uncaught, seen], [["broken"], ["told"]]);
});

Deno.test("AbortSignal cannot be made by itself", () => {
  throws(() => new AbortSignal(), TypeError);
  throws(() => new AbortSignal({}), TypeError);
  throws(() => Reflect.apply(AbortSignal.any, undefined, [[{}]]), TypeError);
});
