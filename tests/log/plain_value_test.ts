import { deepStrictEqual, ok, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { plainText, plainValue } from "../../src/log/plain_value.ts";
import { forgetSecrets, redactSecrets } from "../../src/log/redact.ts";

Deno.test("plainValue() shows an error with its code, its stack and its cause", () => {
  const error = new AirlockError("not_found", "Cannot find it", { cause: new TypeError("why") });

  const value = JSON.parse(JSON.stringify(plainValue(error)));

  const { name, message, code, cause, stack } = value;
  deepStrictEqual([name, message, code], ["AirlockError", "Cannot find it", "not_found"]);
  deepStrictEqual([cause.name, cause.message], ["TypeError", "why"]);
  ok(stack.includes("plain_value_test"));
});

Deno.test("plainValue() makes JSON of what JSON does not have", () => {
  const value = plainValue({
    big: 10n,
    none: undefined,
    nan: NaN,
    bytes: new Uint8Array(3),
    map: new Map([["a", 1]]),
    epoch: new Date(0),
    never: new Date(NaN),
    url: new URL("http://x/"),
  });

  deepStrictEqual(value, {
    big: "10",
    none: "undefined",
    nan: "NaN",
    bytes: "[3 bytes]",
    map: [["a", 1]],
    epoch: "1970-01-01T00:00:00.000Z",
    never: "Invalid Date",
    url: "http://x/",
  });
});

Deno.test("plainValue() ends in a circle and says what it cut", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const long = Array.from({ length: 103 }, (_, index) => index);

  const [nested, list] = [plainValue(circle), plainValue(long)];

  ok(JSON.stringify(nested).includes("[nested too deeply]"));
  ok(Array.isArray(list));
  deepStrictEqual(list.slice(-2), [99, "… (3 more)"]);
});

Deno.test("plainValue() keeps a field named __proto__ a field", () => {
  const value = plainValue(JSON.parse('{"__proto__": {"polluted": true}}'));

  strictEqual(JSON.stringify(value), '{"__proto__":{"polluted":true}}');
});

Deno.test("plainText() hides a secret that the cut goes through", () => {
  using _ = { [Symbol.dispose]: forgetSecrets };
  redactSecrets(["hunter2-hunter2"]);

  const text = plainText("x".repeat(8_185) + "hunter2-hunter2" + "y".repeat(9_000));

  ok(!text.includes("hunter2"));
  ok(text.endsWith("… (17200 characters)"));
});
