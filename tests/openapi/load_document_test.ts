import { deepStrictEqual, rejects, strictEqual } from "assert";
import { loadDocument } from "../../src/openapi/load_document.ts";
import { serve } from "../mcp/fixtures/web_servers.ts";
import { petstore30, petstore31 } from "./fixtures/documents.ts";

const { signal } = new AbortController();

Deno.test("loadDocument() reads files of JSON and YAML", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.json`, JSON.stringify(petstore30));
    await Deno.writeTextFile(`${folder}/b.yaml`, petstore31);

    const json = await loadDocument(configOf(`${folder}/a.json`), signal);
    const yaml = await loadDocument(configOf(`${folder}/b.yaml`), signal);

    deepStrictEqual([json.dialect, json.root, yaml.dialect], ["3.0", petstore30, "3.1"]);
    await rejects(loadDocument(configOf(`${folder}/c.json`), signal), {
      kind: "missing",
      message: "its document is not there",
    });
    await rejects(loadDocument(configOf(folder), signal), {
      message: "its document cannot be read",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadDocument() sends headers only where baseUrl has the same origin", async () => {
  const seen: (string | null)[] = [];
  await using server = serve((request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json(petstore30);
  });
  const document = `http://127.0.0.1:${server.port}/api.json`;

  const { url } = await loadDocument(configOf(document), signal);
  await loadDocument({ ...configOf(document), baseUrl: "https://api.example.com/" }, signal);
  await loadDocument(
    { ...configOf(document), baseUrl: `http://127.0.0.1:${server.port}/v1` },
    signal,
  );

  strictEqual(url?.href, document);
  deepStrictEqual(seen, [null, null, "Bearer secret"]);
});

Deno.test("loadDocument() follows no redirect to this machine or into plain HTTP", async () => {
  await using inside = serve(() => Response.json(petstore30));
  const targets = [`http://127.0.0.1:${inside.port}/`, "http://example.com/", "https://10.0.0.1/"];
  for (const location of targets) {
    await using server = serve(() => new Response(null, { status: 302, headers: { location } }));
    await rejects(loadDocument(configOf(`http://127.0.0.1:${server.port}/`), signal), {
      message: /^it redirects to "\S+", where requests must not go$/,
    });
  }
  await rejects(loadDocument(configOf("http://example.com/api.json"), signal), {
    message: "its URL is neither https nor a configured one on loopback (document)",
  });
});

Deno.test("loadDocument() ends a document that is too large, and tells what the server said", async () => {
  const chunk = new Uint8Array(1024 * 1024);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
  await using server = serve(({ url }) =>
    url.endsWith("/big") ? new Response(endless) : new Response("secret words", { status: 401 })
  );

  await rejects(loadDocument(configOf(`http://127.0.0.1:${server.port}/big`), signal), {
    message: "its document is larger than 67108864 bytes",
  });
  await rejects(loadDocument(configOf(`http://127.0.0.1:${server.port}/`), signal), {
    kind: "needs_auth",
    message:
      "HTTP status 401 for its document; headers go there only if its baseUrl has the same origin",
  });
});

function configOf(document: string) {
  return { name: "pets", document, headers: { Authorization: "Bearer secret" } };
}
