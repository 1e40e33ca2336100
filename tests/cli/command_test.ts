import { deepStrictEqual, rejects, strictEqual } from "assert";
import { openOptions, withAirlock } from "../../src/cli/command.ts";
import { parseArguments } from "../../src/cli/parse_arguments.ts";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("openOptions() leaves undefined what was not given", () => {
  const specs = { host: { type: "string" }, port: { type: "string" } } as const;

  deepStrictEqual(openOptions(parseArguments(["--port", "0", "--host=::1"], specs, 0)), {
    configFile: undefined,
    mcpConfigFiles: [],
    data: undefined,
    host: "::1",
    port: 0,
  });
});

Deno.test("withAirlock() closes what it opened when the command fails", async () => {
  const tools = {
    ...fakeAirlock().tools,
    search: () => Promise.reject(new TypeError("no")),
  };

  const { code, closed } = await runCli(["tools"], { airlock: fakeAirlock({ tools }) });

  deepStrictEqual({ code, closed }, { code: 1, closed: 1 });
});

Deno.test("withAirlock() passes on that nothing could be opened", async () => {
  let used = false;
  const open = () => Promise.reject(new RangeError("no folder"));

  await rejects(
    withAirlock({}, { ...unused, open }, () => {
      used = true;
      return Promise.resolve(0);
    }),
    { message: "no folder" },
  );
  strictEqual(used, false);
});

const unused = {
  version: "1",
  interrupt: new AbortController().signal,
  terminal: {
    outputIsTerminal: false,
    errorIsTerminal: false,
    inputIsTerminal: false,
    write: () => {},
    writeError: () => {},
    readInput: () => Promise.resolve(""),
  },
  verifyReceipts: () => Promise.resolve({ valid: true as const, count: 0 }),
  setLog: () => {},
};
