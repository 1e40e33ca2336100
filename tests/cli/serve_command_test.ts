import { deepStrictEqual } from "assert";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("serve introduces itself and ends well on SIGTERM", async () => {
  const interrupt = new AbortController();
  const states = fakeAirlock().servers.states;
  const servers = {
    states: () => {
      queueMicrotask(() => interrupt.abort("SIGTERM"));
      return states();
    },
    ready: () => Promise.resolve(),
    login: fakeAirlock().servers.login,
  };

  const outcome = await runCli(["serve", "--port", "0"], {
    airlock: fakeAirlock({ servers }),
    interrupt: interrupt.signal,
  });

  deepStrictEqual(outcome, {
    code: 0,
    output: "Airlock 1.2.3 listens on http://127.0.0.1:8787\nServer shop: 2 tools\n" +
      "Data folder: /data\nIsolation:\n  process: on\n",
    errors: "",
    opened: [{
      configFile: undefined,
      mcpConfigFiles: [],
      data: undefined,
      host: undefined,
      port: 0,
      role: "owner",
    }],
    closed: 1,
  });
});

Deno.test("serve ends with 130 when a person interrupts it, even while servers connect", async () => {
  const interrupt = AbortSignal.abort("SIGINT");
  const { login } = fakeAirlock().servers;
  const servers = { states: () => [], ready: () => new Promise<void>(() => {}), login };

  const { code, closed } = await runCli(["serve"], {
    airlock: fakeAirlock({ servers }),
    interrupt,
  });

  deepStrictEqual({ code, closed }, { code: 130, closed: 1 });
});
