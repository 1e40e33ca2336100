import { deepStrictEqual } from "assert";
import { Deadline } from "../../src/sandbox/deadline.ts";

Deno.test("Deadline calls back once when its time has run", async () => {
  const due = Promise.withResolvers<void>();
  let calls = 0;
  using _deadline = new Deadline(1, () => {
    calls++;
    due.resolve();
  });

  await due.promise;
  await passed(5);

  deepStrictEqual(calls, 1);
});

Deno.test("Deadline stands still while it is held, and runs on once every hold is released", async () => {
  const due = Promise.withResolvers<void>();
  let isDue = false;
  using deadline = new Deadline(5, () => {
    isDue = true;
    due.resolve();
  });

  deadline.hold();
  deadline.hold();
  await passed(20);
  deadline.release();
  const heldUntilLast = isDue;
  deadline.release();
  await due.promise;

  deepStrictEqual(heldUntilLast, false);
});

Deno.test("Deadline never calls back once it is disposed of, held or not", async () => {
  let calls = 0;
  const deadline = new Deadline(1, () => calls++);
  deadline.hold();

  deadline[Symbol.dispose]();
  deadline.release();
  await passed(10);

  deepStrictEqual(calls, 0);
});

/** Resolves after a timer that was set later, for longer, than the one under test. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
