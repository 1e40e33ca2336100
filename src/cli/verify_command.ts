/** `airlock verify`: checks the signed receipts of a run. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import type { OpenedAirlock } from "./cli_airlock.ts";
import { type CliDeps, type Command, type ExitCode, openOptions, withAirlock } from "./command.ts";
import type { ParsedArguments } from "./parse_arguments.ts";
import { readTextFile, writeErrorLine, writeLine } from "./terminal.ts";

/** Bytes of a file or an answer that are read at all. */
const MAX_BYTES = 64 * 1024 * 1024;
const RUN_ID = /^run_[A-Za-z0-9_-]+$/;

const jwksSchema = z.looseObject({ keys: z.array(z.unknown()).max(1000) });

/** The command. */
export const verifyCommand: Command = {
  usage: "FILE|RUN_ID [--jwks FILE|URL]",
  summary: "checks signed receipts; exit code 0 where all are valid, 1 where not",
  options: { jwks: { type: "string" } },
  maxPositionals: 1,
  run: async (args, deps) => {
    const [what] = args.positionals;
    if (what === undefined) {
      throw new AirlockError("usage", "Cannot verify receipts: neither a file nor a run was named");
    }
    const jwks = args.value("jwks");
    if (!RUN_ID.test(what) && jwks !== undefined) {
      return await verify(await readReceipts(what), await readJwks(jwks), deps);
    }
    return await verifyWithAirlock(what, args, deps);
  },
};

/** The run's receipts, or the keys, or both come from the data folder. */
async function verifyWithAirlock(
  what: string,
  args: ParsedArguments,
  deps: CliDeps,
): Promise<ExitCode> {
  const fromFile = RUN_ID.test(what) ? undefined : await readReceipts(what);
  const jwks = args.value("jwks");
  return await withAirlock(openOptions(args), deps, async (opened: OpenedAirlock) => {
    const { airlock, principal } = opened;
    const items = fromFile ?? await airlock.runs.receipts(what, principal);
    const keys = jwks === undefined ? await airlock.receipts.jwks() : await readJwks(jwks);
    return await verify(items, keys, deps);
  });
}

async function verify(items: unknown, jwks: unknown, deps: CliDeps): Promise<ExitCode> {
  const { terminal } = deps;
  const found = await deps.verifyReceipts(items, jwks);
  if (found.valid) {
    writeLine(terminal, `Valid: ${found.count} ${found.count === 1 ? "receipt" : "receipts"}`);
    return 0;
  }
  const seq = found.seq === undefined ? "" : ` (seq ${found.seq})`;
  writeErrorLine(terminal, `Not valid: receipt ${found.index + 1}${seq}: ${found.reason}`);
  return 1;
}

async function readReceipts(file: string): Promise<unknown> {
  return parseJson(await readTextFile(file, MAX_BYTES), file);
}

async function readJwks(place: string): Promise<unknown> {
  const text = /^https?:\/\//.test(place)
    ? await fetchText(place)
    : await readTextFile(place, MAX_BYTES);
  const parsed = jwksSchema.safeParse(parseJson(text, place));
  if (parsed.success) return parsed.data;
  throw new AirlockError("usage", `Cannot read keys from "${place}": not a JSON Web Key Set`);
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(30_000) });
    if (response.ok) return await response.text();
    await response.body?.cancel();
    throw new AirlockError("unavailable", `Cannot read keys from "${url}": ${response.status}`);
  } catch (cause) {
    if (cause instanceof AirlockError) throw cause;
    throw new AirlockError("unavailable", `Cannot read keys from "${url}": no answer`, { cause });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AirlockError("usage", `Cannot read "${name}": not JSON`, { cause });
  }
}
