import { deepStrictEqual, strictEqual, throws } from "assert";
import type { Tool } from "../../src/catalog/tool.ts";
import type { PolicyRule } from "../../src/config/config.ts";
import { decide, type PolicyCall } from "../../src/policy/decide.ts";

const effects: PolicyRule["effect"][] = ["deny", "ask", "simulate", "allow"];

Deno.test("decide() allows what no rule matches", () => {
  const decision = decide([{ tool: "github.*", effect: "deny" }], call("bank.pay"));

  deepStrictEqual(decision, { effect: "allow", reason: "no rule of the policy matches" });
});

Deno.test("decide() follows the strictest matching rule, in any order of rules", () => {
  for (const [strictness, effect] of effects.entries()) {
    const rules = effects.slice(strictness).map((each) => ({ tool: "bank.*", effect: each }));

    strictEqual(decide(rules, call("bank.pay")).effect, effect);
    strictEqual(decide(rules.reverse(), call("bank.pay")).effect, effect);
  }
});

Deno.test("decide() names the first of equally strict rules, and why", () => {
  const rules: PolicyRule[] = [
    { tool: "bank.pay", effect: "ask", when: "arguments.amount > 100" },
    { tool: "bank.*", effect: "ask" },
  ];

  const decision = decide(rules, call("bank.pay", { args: { amount: 101 } }));

  strictEqual(decision.rule, rules[0]);
  strictEqual(decision.reason, 'the policy says ask for "bank.pay" when arguments.amount > 100');
});

Deno.test("decide() holds globs against the original name too", () => {
  const renamed = { ...tool("my_bank.pay_now"), server: "my bank", tool: "pay-now" };

  const decision = decide([{ tool: "my bank.pay-*", effect: "deny" }], {
    ...call("my_bank.pay_now"),
    tool: renamed,
  });

  strictEqual(decision.effect, "deny");
});

Deno.test("decide() holds up a call whose condition cannot be judged", () => {
  for (const effect of effects) {
    const rule: PolicyRule = { tool: "*", effect, when: "arguments.amount > 100" };

    const decision = decide([rule], call("bank.pay", { args: { amount: "500" } }));

    strictEqual(decision.rule, effect === "allow" ? undefined : rule);
  }
});

Deno.test("decide() applies `from` only after an answer of such a tool", () => {
  const rules: PolicyRule[] = [{ tool: "mail.*", from: "crm.*", effect: "deny" }];

  const before = decide(rules, call("mail.send", { answered: [tool("shop.reviews")] }));
  const after = decide(rules, call("mail.send", { answered: [tool("crm.find")] }));

  strictEqual(before.effect, "allow");
  strictEqual(after.effect, "deny");
});

Deno.test("decide() throws for a rule that applies and cannot be read", () => {
  const rules: PolicyRule[] = [{ tool: "bank.*", effect: "deny", when: "amount >" }];

  throws(() => decide(rules, call("bank.pay")), { code: "invalid_config" });
  strictEqual(decide(rules, call("shop.reviews")).effect, "allow");
});

function call(name: string, overrides: Partial<PolicyCall> = {}): PolicyCall {
  return { tool: tool(name), args: {}, principal: "local", answered: [], ...overrides };
}

function tool(name: string): Tool {
  const [namespace, member] = name.split(".");
  return { name, server: namespace, tool: member, namespace, member, inputSchema: true, hash: "h" };
}
