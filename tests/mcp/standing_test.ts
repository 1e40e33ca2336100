import { deepStrictEqual } from "assert";
import { Standing } from "../../src/mcp/standing.ts";

Deno.test("Standing lets those go who wait, and makes those wait who come later", async () => {
  const standing = new Standing();
  const first = standing.settled;
  standing.settle("ready", undefined);
  await first;

  standing.unsettle("the connection broke");
  const second = standing.settled;
  const between = [standing.state, standing.reason];
  standing.settle("needs_auth", "it wants a login");
  await second;

  deepStrictEqual(between, ["connecting", "the connection broke"]);
  deepStrictEqual([standing.state, standing.reason], ["needs_auth", "it wants a login"]);
});

Deno.test("Standing.release() ends a wait though nothing was reached", async () => {
  const standing = new Standing();

  standing.release();
  await standing.settled;

  deepStrictEqual(standing.state, "connecting");
});
