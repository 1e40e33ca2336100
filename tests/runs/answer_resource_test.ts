import { deepStrictEqual, rejects } from "assert";
import type { PolicyRule } from "../../src/config/config.ts";
import { RunGrants } from "../../src/grants/run_grants.ts";
import type { Json } from "../../src/protocol/json.ts";
import type { ReadResourceOptions } from "../../src/mcp/read_resource.ts";
import { answerResource } from "../../src/runs/answer_resource.ts";
import { openRealTools, type RealTools } from "./real_runs.ts";

const { signal } = new AbortController();
const uri = "shop://orders/1";

Deno.test("answerResource() asks only servers of which the run may call a tool", async () => {
  using tools = await openRealTools({ tools: { reviews: () => [] } });
  const seen: ReadResourceOptions[] = [];

  const contents = await read(tools, { globs: ["shop.*"], seen });

  deepStrictEqual(contents, [{ uri, text: "one" }]);
  deepStrictEqual(seen.map(({ servers }) => servers), [["shop"]]);
});

Deno.test("answerResource() asks no server whose reading a rule forbids", async () => {
  using tools = await openRealTools({ tools: { reviews: () => [] } });
  const seen: ReadResourceOptions[] = [];
  const rules: PolicyRule[] = [{ tool: "shop.resources/read", effect: "deny" }];

  await read(tools, { globs: ["shop.*"], rules, seen });

  deepStrictEqual(seen.map(({ servers }) => servers), [[]]);
});

Deno.test("answerResource() counts as an answer of the server for rules with from", async () => {
  using tools = await openRealTools({ tools: { reviews: () => [] } });
  const rules: PolicyRule[] = [{ tool: "*", from: "shop.*", effect: "deny" }];
  const grants = grantsOf(tools, ["*"], rules);
  const [tool] = grants.tools();
  const before = grants.decide(tool, {}).effect;

  await answerResource({ uri }, { grants, readResource: fakeReader([]) }, signal);

  deepStrictEqual([before, grants.decide(tool, {}).effect], ["allow", "deny"]);
});

Deno.test("answerResource() refuses what is no address", async () => {
  using tools = await openRealTools({ tools: { reviews: () => [] } });
  const deps = { grants: grantsOf(tools, ["*"], []), readResource: fakeReader([]) };

  const wrong: Json[] = [null, {}, { uri: "" }, { uri: "x".repeat(8_193) }];
  for (const args of wrong) {
    await rejects(answerResource(args, deps, signal), { code: "invalid_arguments" });
  }
});

function read(
  tools: RealTools,
  given: { globs: string[]; rules?: PolicyRule[]; seen: ReadResourceOptions[] },
) {
  const grants = grantsOf(tools, given.globs, given.rules ?? []);
  return answerResource({ uri }, { grants, readResource: fakeReader(given.seen) }, signal);
}

function grantsOf({ catalog }: RealTools, globs: string[], rules: PolicyRule[]): RunGrants {
  const principal = { name: "a", tools: ["*"] };
  const named = { run: "run_1", principal, catalog: catalog.snapshot(), tools: globs };
  return new RunGrants({ ...named, rules: () => rules });
}

function fakeReader(seen: ReadResourceOptions[]) {
  return (asked: string, options: ReadResourceOptions) => {
    seen.push(options);
    return Promise.resolve({ server: "shop", contents: [{ uri: asked, text: "one" }] });
  };
}
