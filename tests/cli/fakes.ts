/** A terminal, an Airlock and a whole command line without a process. @module */

import type { CliAirlock, OpenedAirlock, OpenOptions } from "../../src/cli/cli_airlock.ts";
import type { CliDeps } from "../../src/cli/command.ts";
import { runCommandLine } from "../../src/cli/command_line.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { fakeDeps, FakeRuns } from "../mcp_server/fake_runs.ts";

/** A terminal that keeps what is written to it. */
export class FakeTerminal implements Terminal {
  output = "";
  errors = "";
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly inputIsTerminal: boolean;
  readonly #input: string;

  constructor({ input = "", isTerminal = false } = {}) {
    this.#input = input;
    this.outputIsTerminal = isTerminal;
    this.errorIsTerminal = isTerminal;
    this.inputIsTerminal = isTerminal;
  }

  write(text: string): void {
    this.output += text;
  }

  writeError(text: string): void {
    this.errors += text;
  }

  readInput(): Promise<string> {
    return Promise.resolve(this.#input);
  }
}

/** An Airlock over fake runs and a shop of two tools. */
export function fakeAirlock(overrides: Partial<CliAirlock> = {}): CliAirlock {
  const mcpDeps = fakeDeps();
  return {
    runs: new FakeRuns(),
    approvals: {
      list: () => Promise.resolve([]),
      decide: (id) => Promise.resolve({ ...waiting, id }),
    },
    tools: {
      search: (...args) => mcpDeps.search(...args),
      types: (globs) => `declare const globs: "${globs.join(" ")}";`,
      pendingChange: () => undefined,
      accept: () => Promise.resolve(),
    },
    servers: {
      states:
        () => [{ name: "shop", state: "ready", transport: "stdio", tools: 2, quarantined: [] }],
      ready: () => Promise.resolve(),
      login: () => Promise.resolve({ url: "https://login.example/authorize" }),
    },
    receipts: { jwks: () => ({ keys: ["own"] }) },
    mcpDeps,
    servePassThrough: () => Promise.resolve(),
    close: () => Promise.resolve(),
    ...overrides,
  };
}

/** A call that waits for a person. */
export const waiting = {
  id: "apr_1",
  run: "run_1",
  tool: "bank.pay",
  arguments: { amount: 500 },
  reason: "more than 100",
  at: "2026-11-22T00:00:00.000Z",
};

/** What a fake command line may be given. */
export interface FakeCliOptions {
  airlock?: CliAirlock;
  input?: string;
  isTerminal?: boolean;
  interrupt?: AbortSignal;
  deps?: Partial<CliDeps>;
}

/** What a command line did. */
export interface CliOutcome {
  code: number;
  output: string;
  errors: string;
  /** Options each Airlock was opened with. */
  opened: OpenOptions[];
  /** How many were closed. */
  closed: number;
}

/** Runs a command line against fakes. */
export async function runCli(args: string[], options: FakeCliOptions = {}): Promise<CliOutcome> {
  const { airlock = fakeAirlock(), interrupt = new AbortController().signal } = options;
  const terminal = new FakeTerminal(options);
  const opened: OpenOptions[] = [];
  let closed = 0;
  const deps: CliDeps = {
    version: "1.2.3",
    terminal,
    interrupt,
    open: (given) => {
      opened.push(given);
      return Promise.resolve<OpenedAirlock>({
        airlock,
        principal: localPrincipal,
        url: "http://127.0.0.1:8787",
        data: "/data",
        isolation: () => ({ process: "on" }),
        close: () => Promise.resolve(void closed++),
      });
    },
    verifyReceipts: () => Promise.resolve({ valid: true, count: 2 }),
    setLog: () => {},
    ...options.deps,
  };
  const code = await runCommandLine(args, deps);
  return { code, output: terminal.output, errors: terminal.errors, opened, closed };
}
