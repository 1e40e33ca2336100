import { deepStrictEqual } from "assert";
import { collectSecrets } from "../../src/config/collect_secrets.ts";
import { loadConfig } from "../../src/config/load_config.ts";

Deno.test("collectSecrets() finds the secrets of all parts of a configuration", async () => {
  const jwk = `{"kty":"OKP","crv":"Ed25519","d":"${"d".repeat(43)}"}`;
  const config = await loadConfig({
    cwd: "/",
    environment: { AIRLOCK_SIGNING_KEY: jwk, OPENAI_API_KEY: "sk-model" },
    settings: {
      mcpServers: {
        a: { url: "https://x", headers: { Authorization: "Bearer upstream" } },
        b: { command: "b", env: { TOKEN: "variable" } },
      },
      openapi: { c: { document: "c.json", headers: { "X-Key": "document" } } },
      keys: [{ name: "ci", secret: "0123456789abcdef" }],
    },
  });

  deepStrictEqual(collectSecrets(config), [
    "0123456789abcdef",
    "Bearer upstream",
    "upstream",
    "document",
    "variable",
    "sk-model",
    jwk,
    "d".repeat(43),
  ]);
});
