import { strictEqual, throws } from "assert";
import { findBaseUrl, ownBaseUrl } from "../../src/openapi/base_url.ts";

const document = new URL("https://docs.example.com/a/api.json");

Deno.test("findBaseUrl() takes the configured URL, else the first that can be reached", () => {
  const servers = [
    { url: "http://localhost/v1" },
    {
      url: "https://{region}.example.com/{v}",
      variables: { region: { default: "eu" }, v: { default: 2 } },
    },
  ];

  strictEqual(findBaseUrl({ servers }, {}).href, "https://eu.example.com/2");
  strictEqual(
    findBaseUrl({ servers }, { configured: "http://127.0.0.1:1/x" }).href,
    "http://127.0.0.1:1/x",
  );
});

Deno.test("findBaseUrl() starts from where the document came from", () => {
  strictEqual(findBaseUrl({}, { document }).href, "https://docs.example.com/");
  strictEqual(
    findBaseUrl({ servers: [{ url: "../v1" }] }, { document }).href,
    "https://docs.example.com/v1",
  );
  throws(() => findBaseUrl({}, {}), { message: "its URL is not absolute; set its baseUrl" });
});

Deno.test("findBaseUrl() refuses a document that leads inside", () => {
  const servers = [{ url: "https://169.254.169.254/latest" }, { url: 7 }, "x"];
  throws(() => findBaseUrl({ servers: servers.slice(0, 1) }, { document }), {
    message: "its URL leads into a private network; set its baseUrl",
  });
  throws(() => findBaseUrl({ servers: [{ url: "https://{x}.example.com" }] }, {}), {
    message: /set its baseUrl$/,
  });
});

Deno.test("ownBaseUrl() leaves a configured origin for nobody", () => {
  const base = new URL("https://api.example.com/v1");
  const servers = [{ url: "https://uploads.example.com/" }];

  strictEqual(ownBaseUrl(undefined, base, "configured"), base);
  strictEqual(ownBaseUrl(servers, base, "declared").href, "https://uploads.example.com/");
  strictEqual(ownBaseUrl([{ url: "/v2" }], base, "configured").href, "https://api.example.com/v2");
  throws(() => ownBaseUrl(servers, base, "configured"), {
    message: 'its server is not "https://api.example.com"',
  });
});
