import { deepStrictEqual, throws } from "assert";
import { guardGateway, type RawGateway } from "../../../workers/realm/gateway.ts";

Deno.test("guardGateway() passes operation, arguments and answer", () => {
  const seen: unknown[] = [];
  const gateway = guardGateway(answering((args) => (seen.push(args), "answer")));

  const answer = gateway("atob", "YQ==");

  deepStrictEqual([answer, seen], ["answer", [["atob", "YQ==", undefined, undefined]]]);
});

Deno.test("guardGateway() lets no thrown value through", () => {
  const stranger = new TypeError("of the outer realm");
  const gateway = guardGateway(answering(() => {
    throw stranger;
  }));

  throws(() => gateway("now"), { name: "RangeError", message: "Maximum call stack size exceeded" });
});

Deno.test("guardGateway() asks no patched prototype for the arguments", () => {
  const seen: unknown[] = [];
  const gateway = guardGateway(answering((args) => (seen.push(args), undefined)));
  const native = Array.prototype[Symbol.iterator];
  Object.defineProperty(Array.prototype, 2, { value: "poison", configurable: true });
  Array.prototype[Symbol.iterator] = () => native.call(["poison"]);

  gateway("atob", "YQ==");
  Array.prototype[Symbol.iterator] = native;
  Reflect.deleteProperty(Array.prototype, 2);

  deepStrictEqual(seen, [["atob", "YQ==", undefined, undefined]]);
});

/** A gateway that hands all its arguments to one function. */
function answering(answer: (args: unknown[]) => unknown): RawGateway {
  return Object.assign(function () {
    return Reflect.apply(answer, undefined, [Array.from(arguments)]);
  });
}
