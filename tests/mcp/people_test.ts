import { deepStrictEqual, strictEqual } from "assert";
import type { Elicit } from "../../src/mcp/elicitation.ts";
import { People } from "../../src/mcp/people.ts";

const { signal } = new AbortController();
const question = { server: "shop", message: "Which?", form: {} };
const accept: Elicit = () => Promise.resolve({ action: "accept", content: { size: "m" } });

Deno.test("People.ask() asks the person of the one run that calls the server", async () => {
  const people = new People();
  using _attended = people.attend("run_1", accept);
  using _call = people.calls("shop", "run_1");
  using _other = people.calls("bank", "run_2");

  const answer = await people.ask(question, signal);

  deepStrictEqual(answer, { action: "accept", content: { size: "m" } });
});

Deno.test("People.ask() declines where it cannot know whom to ask, or nobody is there", async () => {
  const people = new People();
  const decline = { action: "decline" };
  using _attended = people.attend("run_1", accept);

  deepStrictEqual(await people.ask(question, signal), decline);
  using _stranger = people.calls("shop", "run_2");
  deepStrictEqual(await people.ask(question, signal), decline);
  using _call = people.calls("shop", "run_1");
  deepStrictEqual(await people.ask(question, signal), decline);
});

Deno.test("People.ask() asks nobody whose run or call is over", async () => {
  const people = new People();
  {
    using _attended = people.attend("run_1", accept);
    using _call = people.calls("shop", "run_1");
  }

  deepStrictEqual(await people.ask(question, signal), { action: "decline" });
});

Deno.test("People.ask() holds the deadline of the run while a person thinks", async () => {
  const people = new People();
  let held = 0;
  const hold = () => {
    held++;
    return () => void held--;
  };
  const seen: number[] = [];
  using _attended = people.attend("run_1", () => {
    seen.push(held);
    return Promise.reject(new Error("gone"));
  });
  using _call = people.calls("shop", "run_1", hold);

  await people.ask(question, signal).catch(() => seen.push(-1));

  deepStrictEqual(seen, [1, -1]);
  strictEqual(held, 0);
});
