import { deepStrictEqual, rejects } from "assert";
import { readAuthMetadata } from "../../src/mcp/auth_metadata.ts";
import { AuthServer } from "./fixtures/auth_server.ts";

Deno.test("readAuthMetadata() finds at a configured address what discovery would find", async () => {
  await using server = new AuthServer();
  const url = `${server.issuer}/.well-known/oauth-authorization-server`;

  const found = await readAuthMetadata(url, fetch);

  deepStrictEqual(
    [found.authorizationServerUrl, found.authorizationServerMetadata?.token_endpoint],
    [server.issuer, `${server.issuer}/token`],
  );
});

Deno.test("readAuthMetadata() says what an address has in its place", async () => {
  const answers = [Response.json({ issuer: 1 }), new Response("no", { status: 404 })];

  await rejects(readAuthMetadata("https://x.example", () => Promise.resolve(answers[0])), {
    message: "its authServerMetadataUrl has no OAuth metadata",
  });
  await rejects(readAuthMetadata("https://x.example", () => Promise.resolve(answers[1])), {
    message: "its authServerMetadataUrl answers with HTTP status 404",
  });
});
