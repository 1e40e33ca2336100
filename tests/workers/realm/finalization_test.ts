import { deepStrictEqual, ok, throws } from "assert";
import { createFinalizationRegistry } from "../../../workers/realm/finalization.ts";

Deno.test("createFinalizationRegistry() calls back while the run is under way, and no longer", async () => {
  let isOver = false;
  let calls = 0;
  const Registry = createFinalizationRegistry({ isOver: () => isOver, onUncaught: () => {} });
  const registry = new Registry<number>(() => calls++);

  await collectUntil(registry, () => calls > 0);
  isOver = true;
  calls = 0;
  let native = 0;
  await collectUntil(registry, () => native > 0, new FinalizationRegistry(() => native++));

  deepStrictEqual(calls, 0);
});

Deno.test("createFinalizationRegistry() hands on what a callback throws", async () => {
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown) => uncaught.push(error);
  const Registry = createFinalizationRegistry({ isOver: () => false, onUncaught });
  const registry = new Registry<number>(() => {
    throw "from a finalizer";
  });

  await collectUntil(registry, () => uncaught.length > 0);

  ok(uncaught.every((error) => error === "from a finalizer"));
});

Deno.test("createFinalizationRegistry() makes a class as the native one is", () => {
  const Registry = createFinalizationRegistry({ isOver: () => false, onUncaught: () => {} });

  deepStrictEqual(Registry.name, "FinalizationRegistry");
  throws(() => Reflect.construct(Registry, [1]), TypeError);
});

/** Registers garbage until a condition holds. */
async function collectUntil(
  registry: FinalizationRegistry<number>,
  holds: () => boolean,
  witness?: FinalizationRegistry<number>,
): Promise<void> {
  for (let round = 0; !holds(); round++) {
    if (round > 500) throw new Error("nothing was ever collected");
    for (let i = 0; i < 10_000; i++) {
      const garbage = { filler: new Array(100).fill(i) };
      registry.register(garbage, i);
      witness?.register(garbage, i);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
