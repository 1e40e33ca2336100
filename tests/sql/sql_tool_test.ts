import { deepStrictEqual, rejects } from "assert";
import { makeGrant, signCall, type ToolArguments } from "../../src/grants/signed_call.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import type { SqlStatement } from "../../src/sql/sql_databases.ts";
import { createSqlInvoke, sqlTool } from "../../src/sql/sql_tool.ts";

Deno.test("createSqlInvoke() asks the database of the agent that acts", async () => {
  const { asked, invoke } = fakeDatabases();
  const args = { sql: "SELECT :a", params: { a: 1 } };

  const answer = await invoke(call(args, "bot"), options());

  deepStrictEqual(answer, { columns: [], rows: [], changes: 0 });
  deepStrictEqual(asked, [["local\u0000bot", args]]);
});

const wrong: [name: string, args: ToolArguments, problem: RegExp][] = [
  ["no SQL", {}, /"sql": Invalid input/],
  ["SQL of 100,001 characters", { sql: "x".repeat(100_001) }, /"sql": Too big/],
  ["a list as a parameter", { sql: "SELECT ?", params: [[1]] }, /"params/],
  ["bytes that are no base64", { sql: "SELECT ?", params: [{ base64: "?" }] }, /"params/],
  ["1,001 parameters", { sql: "SELECT ?", params: Array(1_001).fill(1) }, /"params/],
  ["something else", { sql: "SELECT 1", file: "x" }, /Unrecognized key/],
];
for (const [name, args, problem] of wrong) {
  Deno.test(`createSqlInvoke() refuses ${name}`, async () => {
    const { asked, invoke } = fakeDatabases();

    await rejects(invoke(call(args), options()), { code: "invalid_arguments", message: problem });
    deepStrictEqual(asked, []);
  });
}

Deno.test("sqlTool describes what createSqlInvoke() takes", () => {
  deepStrictEqual([sqlTool.name, sqlTool.server, sqlTool.namespace], ["sql.query", "sql", "sql"]);
  deepStrictEqual(Object.keys(Object(sqlTool.inputSchema).properties), ["sql", "params"]);
});

function fakeDatabases() {
  const asked: [owner: string, statement: SqlStatement][] = [];
  const invoke = createSqlInvoke({
    query(owner, statement) {
      asked.push([owner, statement]);
      return Promise.resolve({ columns: [], rows: [], changes: 0 });
    },
  });
  return { asked, invoke };
}

function call(args: ToolArguments, agent?: string) {
  const principal = { ...localPrincipal, agent };
  const claims = { id: "g", run: "run_1", principal, tool: sqlTool, simulated: false };
  return signCall({ seq: 1, tool: "sql.query", args }, makeGrant(claims));
}

function options() {
  return { signal: new AbortController().signal };
}
