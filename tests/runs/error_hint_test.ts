import { strictEqual } from "assert";
import { errorHint } from "../../src/runs/error_hint.ts";

const namespaces = [{ name: "shop", server: "shop", tools: [] }];

Deno.test("errorHint() names the nearest global for a name that is not defined", () => {
  const hint = errorHint({ name: "ReferenceError", message: "shpo is not defined" }, namespaces);

  strictEqual(hint, 'Did you mean "shop"?');
});

Deno.test("errorHint() says what is there in place of what people expect", () => {
  const hint = errorHint({ name: "ReferenceError", message: "fetch is not defined" }, namespaces);

  strictEqual(hint, "There is no network in the sandbox: call a tool");
});

Deno.test("errorHint() knows no inherited names", () => {
  const failure = { name: "ReferenceError", message: "__proto__ is not defined" };

  strictEqual(errorHint(failure, []), undefined);
});

Deno.test("errorHint() is silent where it has nothing to say", () => {
  strictEqual(errorHint({ name: "TypeError", message: "x is null" }, namespaces), undefined);
});
