import { deepStrictEqual, rejects } from "assert";
import { Turns } from "../../src/runs/turns.ts";

Deno.test("Turns lets so many act at once, the others in the order they came", async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());

  const all = ends.map(({ promise }, index) =>
    turns.take(() => {
      begun.push(index);
      return promise;
    })
  );
  const atFirst = [...begun];
  ends[1].resolve();
  await all[1];
  const afterOne = [...begun];
  ends.forEach(({ resolve }) => resolve());
  await Promise.all(all);

  deepStrictEqual([atFirst, afterOne, begun], [[0, 1], [0, 1, 2], [0, 1, 2, 3]]);
});

Deno.test("Turns gives a turn back that ended in an error", async () => {
  const turns = new Turns(1);

  await rejects(turns.take(() => Promise.reject(new Error("failed"))));

  deepStrictEqual(await turns.take(() => Promise.resolve(1)), 1);
});
