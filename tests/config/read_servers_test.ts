import { deepStrictEqual } from "assert";
import { readServers } from "../../src/config/read_servers.ts";

const environment = { HOME: "/home/ann", INPUT_KEY: "from-environment" };

Deno.test("readServers() reads both shapes, and inputs of VS Code", async () => {
  const found = await readServers([{
    folder: "/project",
    settings: {
      mcpServers: { fs: { command: "fs" } },
      inputs: [{ id: "region", type: "promptString", default: "eu" }, { id: 5 }, null],
      servers: { gh: { type: "http", url: "https://x/${input:region}/${input:key}" } },
    },
  }], environment);

  deepStrictEqual(found.servers.map((server) => [server.name, "url" in server && server.url]), [
    ["fs", false],
    ["gh", "https://x/eu/from-environment"],
  ]);
  deepStrictEqual([found.disabledServers, found.notes], [[], []]);
});

Deno.test("readServers() disables one server for an unset variable and keeps the others", async () => {
  const found = await readServers([{
    folder: "/project",
    settings: { mcpServers: { a: { url: "https://${HOST_A}/" }, b: { command: "b" } } },
  }], environment);

  deepStrictEqual(found.servers.map(({ name }) => name), ["b"]);
  deepStrictEqual(found.disabledServers, [{
    name: "a",
    transport: "http",
    reason: 'Cannot use server "a": variable "HOST_A" is not set',
  }]);
});

Deno.test("readServers() lets the later file win, and says so", async () => {
  const found = await readServers([
    { folder: "/a", settings: { mcpServers: { x: { command: "one" }, y: { command: "y" } } } },
    {
      folder: "/b",
      label: "mcp.json",
      settings: { servers: { x: { command: "two", dev: {} }, y: { disabled: true } } },
    },
  ], environment);

  deepStrictEqual(found.servers.map((server) => "command" in server && server.command), ["two"]);
  deepStrictEqual(found.notes, [
    { path: "mcp.json: servers.x", message: "replaces the server of the same name before it" },
    { path: "mcp.json: servers.x.dev", message: "is ignored" },
    { path: "mcp.json: servers.y", message: "replaces the server of the same name before it" },
    { path: "mcp.json: servers.y", message: "is disabled" },
  ]);
});

Deno.test("readServers() takes the folder above .vscode and .cursor as the workspace", async () => {
  const settings = { servers: { x: { command: "${workspaceFolder}/run", cwd: "sub" } } };

  const found = await Promise.all(
    ["/project/.vscode", "/project/.cursor", "/project"].map((folder) =>
      readServers([{ folder, settings }], environment)
    ),
  );

  const seen = found.flatMap(({ servers }) => servers)
    .map((server) => "command" in server && [server.command, server.cwd]);
  deepStrictEqual(seen, Array.from({ length: 3 }, () => ["/project/run", "/project/sub"]));
});
