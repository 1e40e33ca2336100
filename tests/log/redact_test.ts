import { strictEqual } from "assert";
import { forgetSecrets, redact, redactRecent, redactSecrets } from "../../src/log/redact.ts";

Deno.test("redact() replaces secrets as they are, in JSON text and in URLs", () => {
  using _ = { [Symbol.dispose]: forgetSecrets };
  redactSecrets(['pass"word\\$1', "s3cr3t-token"]);

  const inJson = redact(JSON.stringify({ key: 'pass"word\\$1' }));
  const inUrl = redact("https://x/?k=pass%22word%5C%241&t=s3cr3t-token");

  strictEqual(inJson, '{"key":"[secret]"}');
  strictEqual(inUrl, "https://x/?k=[secret]&t=[secret]");
});

Deno.test("redact() replaces the longer of two secrets where one begins the other", () => {
  using _ = { [Symbol.dispose]: forgetSecrets };
  redactSecrets(["abcdefgh"]);
  redactSecrets(["abcdefgh-ijkl"]);

  strictEqual(redact("abcdefgh-ijkl abcdefgh"), "[secret] [secret]");
});

Deno.test("redactSecrets() leaves out values of fewer than 8 characters", () => {
  using _ = { [Symbol.dispose]: forgetSecrets };
  redactSecrets(["1234567", "", "true"]);

  strictEqual(redact("1234567 true"), "1234567 true");
});

Deno.test("redactRecent() keeps the latest 256 values, and those of redactSecrets()", () => {
  using _ = { [Symbol.dispose]: forgetSecrets };
  redactSecrets(["fixed-secret"]);

  redactRecent(Array.from({ length: 300 }, (_, index) => `token-${1_000 + index}`));

  strictEqual(redact("fixed-secret token-1000 token-1299"), "[secret] token-1000 [secret]");
});
