import { deepStrictEqual, notStrictEqual, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { PolicyRule } from "../../src/config/config.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { authorize } from "../../src/grants/authorize.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { RunGrants, type RunGrantsOptions } from "../../src/grants/run_grants.ts";
import type { ToolArguments, ToolCall } from "../../src/grants/signed_call.ts";

const catalog = new Catalog();
catalog.setServer("shop", [listed("reviews"), listed("top_products")]);
catalog.setServer("bank", [listed("pay")]);

Deno.test("authorize() grants a tool under any of its names", () => {
  const grants = grantsWith();

  const byCode = granted(call("shop.top_products"), grants);
  const sameAgain = granted(call("shop.top_products", { limit: 3 }), grants);

  strictEqual(byCode.tool, catalog.snapshot().find("shop.top_products"));
  strictEqual(byCode.simulated, false);
  strictEqual(byCode.run, "run_1");
  deepStrictEqual(sameAgain, byCode);
});

Deno.test("authorize() gives each run and tool a grant id of its own, stable over a restart", () => {
  const id = (name: string, run = "run_1") => granted(call(name), grantsWith({ run })).id;

  strictEqual(id("shop.reviews"), id("shop.reviews"));
  notStrictEqual(id("shop.reviews"), id("shop.top_products"));
  notStrictEqual(id("shop.reviews"), id("shop.reviews", "run_2"));
  strictEqual(/^grt_[\w-]{22}$/.test(id("shop.reviews")), true);
});

Deno.test("authorize() names the nearest tool that may be called for an unknown one", () => {
  deepStrictEqual(refusal(call("shop.review"), grantsWith()), {
    code: "tool_unknown",
    message: 'Cannot call "shop.review": there is no such tool',
    hint: 'Perhaps "shop.reviews" was meant',
  });
  strictEqual(
    refusal(call("shop.review"), grantsWith({ tools: ["bank.*"] })).hint,
    undefined,
  );
});

Deno.test("authorize() denies what the run's tools leave out", () => {
  deepStrictEqual(refusal(call("bank.pay"), grantsWith({ tools: ["shop.*"] })), {
    code: "tool_denied",
    message: 'Cannot call "bank.pay": it is not among the tools of this run',
    hint: undefined,
  });
});

Deno.test("authorize() denies what the key leaves out, whether or not it exists", () => {
  const grants = grantsWith({ principal: { name: "ci", tools: ["shop.*"] } });
  const hideName = (name: string) => {
    const { code, message, hint } = refusal(call(name), grants);
    return { code, message: message.replace(name, "NAME"), hint };
  };

  deepStrictEqual(hideName("bank.pay"), hideName("bank.nix"));
  strictEqual(hideName("bank.pay").code, "tool_denied");
  strictEqual(hideName("shop.nix").code, "tool_unknown");
});

Deno.test("authorize() denies by the policy as it is at the call", () => {
  let rules: PolicyRule[] = [];
  const grants = grantsWith({ rules: () => rules });
  strictEqual(authorize(call("bank.pay"), grants).type, "granted");

  rules = [{ tool: "bank.pay", effect: "deny", when: "arguments.amount > 100" }];

  strictEqual(authorize(call("bank.pay", { amount: 100 }), grants).type, "granted");
  deepStrictEqual(refusal(call("bank.pay", { amount: 101 }), grants), {
    code: "tool_denied",
    message:
      'Cannot call "bank.pay": the policy says deny for "bank.pay" when arguments.amount > 100',
    hint: undefined,
  });
});

Deno.test("authorize() asks, and makes the grant once it was approved", () => {
  const grants = grantsWith({ rules: () => [{ tool: "bank.*", effect: "ask" }] });

  const asked = authorize(call("bank.pay"), grants);

  if (asked.type !== "ask") throw new TypeError("Cannot approve: it was not asked");
  strictEqual(asked.reason, 'the policy says ask for "bank.*"');
  strictEqual(asked.approve().claims.tool, asked.tool);
});

Deno.test("authorize() makes no grant for an approval that came after a denial of the policy", () => {
  let effect: PolicyRule["effect"] = "ask";
  const grants = grantsWith({ rules: () => [{ tool: "bank.*", effect }] });
  const asked = authorize(call("bank.pay"), grants);
  if (asked.type !== "ask") throw new TypeError("Cannot approve: it was not asked");

  effect = "deny";

  strictEqual(errorOf(() => asked.approve()).code, "tool_denied");
});

Deno.test("authorize() marks simulated grants", () => {
  const grants = grantsWith({ rules: () => [{ tool: "bank.*", effect: "simulate" }] });

  strictEqual(granted(call("bank.pay"), grants).simulated, true);
});

Deno.test("authorize() denies a tool that is blocked now, also where a person just approved", () => {
  const now: { reason?: string } = {};
  const blocked = () => now.reason;
  const open = grantsWith({ blocked });
  const asking = grantsWith({ blocked, rules: () => [{ tool: "bank.*", effect: "ask" }] });
  const asked = authorize(call("bank.pay"), asking);
  if (asked.type !== "ask") throw new TypeError("Cannot approve: it was not asked");
  strictEqual(granted(call("bank.pay"), open).tool.name, "bank.pay");

  now.reason = "it changed";

  deepStrictEqual(refusal(call("bank.pay"), open), {
    code: "tool_denied",
    message: 'Cannot call "bank.pay": it changed',
    hint: "A person sees the change and accepts it with: airlock accept bank.pay",
  });
  strictEqual(errorOf(() => asked.approve()).code, "tool_denied");
});

Deno.test("authorize() never takes a tool of Airlock itself for one of a server", () => {
  const tool = catalog.snapshot().tools[0];
  const grants = grantsWith({ builtins: [tool], blocked: () => "it changed" });

  strictEqual(granted(call(tool.name), grants).tool, tool);
});

Deno.test("authorize() shortens names that go on and on", () => {
  const { message } = refusal(call("x".repeat(100_000)), grantsWith());

  strictEqual(message, `Cannot call "${"x".repeat(128)}": there is no such tool`);
});

function grantsWith(overrides: Partial<RunGrantsOptions> = {}): RunGrants {
  const snapshot = catalog.snapshot();
  return new RunGrants({
    run: "run_1",
    principal: localPrincipal,
    catalog: snapshot,
    ...overrides,
  });
}

function call(tool: string, args: ToolArguments = {}): ToolCall {
  return { seq: 1, tool, args };
}

function granted(asked: ToolCall, grants: RunGrants) {
  const authorization = authorize(asked, grants);
  if (authorization.type !== "granted") throw new TypeError("Cannot go on: it was not granted");
  return authorization.grant.claims;
}

function refusal(asked: ToolCall, grants: RunGrants) {
  const { code, message, hint } = errorOf(() => authorize(asked, grants));
  return { code, message, hint };
}

function errorOf(action: () => unknown): AirlockError {
  try {
    action();
  } catch (error) {
    if (error instanceof AirlockError) return error;
    throw error;
  }
  throw new TypeError("Cannot see an error: there was none");
}

function listed(name: string) {
  return { name, inputSchema: { type: "object" } };
}
