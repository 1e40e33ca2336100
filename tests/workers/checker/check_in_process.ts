/** The checker without its process: what is tested is what it finds. @module */

import ts from "typescript";
import type { Finding } from "../../../src/protocol/checker_messages.ts";
import { declareApi } from "../../../src/typescript/declare_tools.ts";
import { absentGlobals, guestLib } from "../../../src/typescript/guest_lib.ts";
import { readTypeScript } from "../../../src/typescript/typescript_text.ts";
import { CheckService, shareFiles } from "../../../workers/checker/check_service.ts";
import { shopTools } from "../../typescript/real_checker.ts";

const { libraries, main } = await readTypeScript();

/** TypeScript and the libraries, as a checker has them. */
export const shared = shareFiles(ts, { libraries, main, guestLib, absent: absentGlobals });

/** A checker over the shop; `open` names what it leaves out. */
export function shopService(open: string[] = []): CheckService {
  return new CheckService(ts, shared, declareApi(shopTools().tools), open);
}

const service = shopService();

/** What is found in code over the shop. */
export function find(code: string): Finding[] {
  return service.check(code);
}

/** The kinds of what is found, each with its place: `unknown_tool 1:7`. */
export function places(code: string): string[] {
  return find(code).map(({ kind, line, column }) => `${kind} ${line}:${column}`);
}
