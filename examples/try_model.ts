/**
 * `deno task try-model`: runs the example agents against the model that
 * `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL` name. It costs what
 * the model costs. @module
 */

import { createAirlock } from "../src/airlock.ts";
import { localPrincipal } from "../src/grants/principal.ts";
import { exampleAgents } from "./agents.ts";

for (const { name, definition, settings, message, schedule } of exampleAgents) {
  await using airlock = await createAirlock({ kv: ":memory:", ...settings });
  const { agents } = airlock;
  await agents.put(name, definition, localPrincipal);
  const content = message ?? schedule?.message ?? "";
  console.log(`\n== ${name}: ${content}`);
  const sent = await agents.send(name, content, localPrincipal);
  const outcome = await sent.outcome(AbortSignal.timeout(300_000));
  if (outcome === undefined) console.log("It waits for an approval.");
  else console.log(`${outcome.reply.content}\n${JSON.stringify(outcome.usage)}`);
}
