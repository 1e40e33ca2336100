import { deepStrictEqual } from "assert";
import { OpenCalls } from "../../src/mcp_server/open_calls.ts";

Deno.test("OpenCalls cancels the call of its own scope only", () => {
  const calls = new OpenCalls();
  const scopes = [
    calls.scope("ann", "s1"),
    calls.scope("ann", "s2"),
    calls.scope("bob", "s1"),
  ];
  const open = scopes.map((scope) => scope.open(1));
  const text = scopes[0].open("1");

  scopes[0].cancel(1);

  deepStrictEqual(open.map(({ signal }) => signal.aborted), [true, false, false]);
  deepStrictEqual(text.signal.aborted, false);
});

Deno.test("OpenCalls forgets a call that is over, but not a newer one with its id", () => {
  const scope = new OpenCalls().scope("ann", "s1");
  const older = scope.open(1);
  const newer = scope.open(1);

  older[Symbol.dispose]();
  scope.cancel(1);
  newer[Symbol.dispose]();
  scope.cancel(1);

  deepStrictEqual([older.signal.aborted, newer.signal.aborted], [false, true]);
});
