import { deepStrictEqual, ok, rejects } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

const simple = [{
  role: "user",
  content: { type: "text", text: "This is a simple prompt for testing." },
}];

Deno.test("handlePrompts() lists and gets prompts under their own names", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const { prompts } = await client.listPrompts();
  const { messages } = await client.getPrompt({ name: "test_simple_prompt" });

  ok(prompts.some(({ name }) => name === "test_prompt_with_arguments"));
  deepStrictEqual(messages, simple);
});

Deno.test("handlePrompts() names servers where there are several", async () => {
  await using open = await openPassThrough({ servers: ["one", "two"] });
  await using client = await open.connect();

  const { prompts } = await client.listPrompts();
  const { messages } = await client.getPrompt({ name: "two.test_simple_prompt" });

  ok(prompts.some(({ name }) => name === "one.test_simple_prompt"));
  deepStrictEqual(messages, simple);
  await rejects(client.getPrompt({ name: "test_simple_prompt" }), { code: -32602 });
});

Deno.test("handlePrompts() completes arguments of prompts and of templates", async () => {
  await using open = await openPassThrough({ servers: ["one", "two"] });
  await using client = await open.connect();

  const city = await client.complete({
    ref: { type: "ref/prompt", name: "two.test_prompt_with_arguments" },
    argument: { name: "arg1", value: "par" },
  });
  const id = await client.complete({
    ref: { type: "ref/resource", uri: "test://template/{id}/data" },
    argument: { name: "id", value: "12" },
  });

  deepStrictEqual(city.completion.values, ["paris", "park", "party"]);
  deepStrictEqual(id.completion.values, ["123", "124"]);
});
