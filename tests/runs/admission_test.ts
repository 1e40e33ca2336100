import { deepStrictEqual, rejects, strictEqual, throws } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { Admission, type Place } from "../../src/runs/admission.ts";

const never = new AbortController().signal;

Deno.test("Admission lets in as many as there are places, and the rest in their order", async () => {
  const admission = new Admission({ maxConcurrent: 1, queue: 9 });
  const first = await admission.enter("a", never);
  const order: string[] = [];
  const rest = ["a1", "a2"].map((name) => admission.enter("a", never).then(pass(name, order)));

  first[Symbol.dispose]();
  await Promise.all(rest);

  deepStrictEqual(order, ["a1", "a2"]);
});

Deno.test("Admission gives each principal its turn, however many runs one brings", async () => {
  const admission = new Admission({ maxConcurrent: 1, queue: 9 });
  const first = await admission.enter("greedy", never);
  const order: string[] = [];
  const entered = ["greedy", "greedy", "greedy", "modest", "greedy"].map((name) =>
    admission.enter(name, never).then(pass(name, order))
  );

  first[Symbol.dispose]();
  await Promise.all(entered);

  deepStrictEqual(order, ["greedy", "modest", "greedy", "greedy", "greedy"]);
});

Deno.test("Admission refuses at once beyond its queue, and says when to come again", async () => {
  const admission = new Admission({ maxConcurrent: 1, queue: 1 });
  using _place = await admission.enter("a", never);
  const stop = new AbortController();
  const waiting = admission.enter("a", stop.signal);

  throws(
    () => admission.enter("b", never),
    (error) =>
      error instanceof AirlockError && error.code === "queue_full" && error.retryAfterSeconds === 1,
  );
  stop.abort(new Error("enough"));
  await rejects(waiting, /enough/);
});

Deno.test("Admission keeps places and queue from one principal where there are several", async () => {
  const admission = new Admission({ maxConcurrent: 4, queue: 4, isShared: true });
  const greedy = ["1", "2", "3"].map(() => admission.enter("greedy", never));
  const stop = new AbortController();
  const waiting = ["4", "5"].map(() => admission.enter("greedy", stop.signal));
  const settled = Promise.allSettled(waiting);

  throws(() => admission.assertRoom("greedy"), { code: "queue_full" });
  using _modest = await admission.enter("modest", never);
  const places = await Promise.all(greedy);
  strictEqual(admission.queued, 2);
  stop.abort(new Error("enough"));
  deepStrictEqual((await settled).map(({ status }) => status), ["rejected", "rejected"]);
  places.forEach((place) => place[Symbol.dispose]());
});

Deno.test("Admission passes over a principal that has its share for the next one in the queue", async () => {
  const admission = new Admission({ maxConcurrent: 2, queue: 8, isShared: true });
  using _greedy = await admission.enter("greedy", never);
  const modest = await admission.enter("modest", never);
  const stop = new AbortController();
  const refused = admission.enter("greedy", stop.signal);
  const next = admission.enter("third", never);

  modest[Symbol.dispose]();
  using _place = await next;
  stop.abort(new Error("enough"));
  await rejects(refused, /enough/);
});

Deno.test("Admission gives the place of one that stopped waiting to the next", async () => {
  const admission = new Admission({ maxConcurrent: 1, queue: 9 });
  const first = await admission.enter("a", never);
  const stop = new AbortController();
  const gone = admission.enter("a", stop.signal);
  const next = admission.enter("b", never);

  stop.abort(new Error("gone"));
  await rejects(gone, /gone/);
  strictEqual(admission.queued, 1);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  using _place = await next;

  strictEqual(admission.queued, 0);
});

/** Notes a name and gives the place back. */
function pass(name: string, order: string[]): (place: Place) => void {
  return (place) => {
    order.push(name);
    place[Symbol.dispose]();
  };
}
