/** Sees to it that the person behind a client is asked what their run needs to know. @module */

import type { ClientCapabilities } from "@modelcontextprotocol/server";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import type { Elicit } from "../mcp/elicitation.ts";
import type { Approval } from "../runs/report.ts";
import type { RequestContext } from "./request_context.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import { askByRequest, ownQuestion, personAbilities, Rounds } from "./person.ts";
import { visibleLine } from "../prompts/visible_text.ts";

const log = logger("mcp_server");

/** For whom a run is attended, and how its person is reached. */
export interface AttendContext {
  deps: McpServerDeps;
  principal: Principal;
  request: RequestContext;
  capabilities?: ClientCapabilities;
}

/** One run with its person. */
export interface Attendant {
  /** The questions, where they go in answers. */
  readonly rounds?: Rounds;
  /** Resolves when the run is over, there is a question to hand over, or the signal fires. */
  wait(signal: AbortSignal): Promise<void>;
}

const approveForm = {
  type: "object",
  properties: { approve: { type: "boolean", title: "Allow this call", default: false } },
  required: ["approve"],
};

/** Attends runs for as long as they go on. */
export class Attendants {
  readonly #attended = new Map<string, Attendant>();

  /** The attendant of a run that goes on. */
  of(run: string): Attendant | undefined {
    return this.#attended.get(run);
  }

  /** Attends a run from now on, where its client can ask somebody. */
  open(run: string, context: AttendContext): void {
    const { request, capabilities } = context;
    const abilities = personAbilities(request, capabilities);
    if (!abilities.form && !abilities.url) return;
    // Since 2026 no request goes to a client: it is asked in an answer.
    const rounds = request.envelope === undefined ? undefined : new Rounds();
    const ask = rounds?.ask ?? askByRequest(request);
    const elicit: Elicit = async (question, signal) => {
      const isAble = question.url === undefined ? abilities.form : abilities.url;
      return isAble ? await ask(question, signal) : { action: "decline" };
    };
    const over = attend(run, elicit, context).finally(() => this.#attended.delete(run));
    this.#attended.set(run, { rounds, wait: (signal) => waitFor(over, rounds, signal) });
  }
}

async function waitFor(
  over: Promise<void>,
  rounds: Rounds | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  await Promise.race([over, stopped, ...rounds === undefined ? [] : [rounds.asked()]]);
  signal.removeEventListener("abort", stop);
}

/** Answers for a run until it is over. Never rejects. */
async function attend(
  run: string,
  elicit: Elicit,
  { deps, principal }: AttendContext,
): Promise<void> {
  using _attended = deps.people?.attend(run, elicit);
  const over = new AbortController();
  const asking: Promise<void>[] = [];
  try {
    for await (const event of await deps.runs.events(run, principal, 0, over.signal)) {
      if (event.event !== "approval") continue;
      asking.push(approve(event.data, elicit, { deps, principal, signal: over.signal }));
    }
  } catch (error) {
    log.warn("run not attended any more", { runId: run, error });
  } finally {
    over.abort();
    await Promise.all(asking);
  }
}

/** Passes the person's decision on; where there is none, the approval waits as all do. Never rejects. */
async function approve(
  { id, tool, arguments: args, reason }: Approval,
  elicit: Elicit,
  { deps, principal, signal }: Pick<AttendContext, "deps" | "principal"> & { signal: AbortSignal },
): Promise<void> {
  const shown = visibleLine(JSON.stringify(args), 2_000);
  const message = `may "${visibleLine(tool, 200)}" be called with ${shown}? ${reason}`;
  try {
    const answer = await elicit({ server: ownQuestion, message, form: approveForm }, signal);
    if (answer.action === "cancel") return;
    const isApproved = answer.action === "accept" && answer.content?.approve === true;
    const decision = isApproved ? "approve" : "deny";
    await deps.approvals?.decide(id, { decision }, principal);
  } catch (error) {
    // Somebody else may have decided meanwhile, or the client is gone.
    if (signal.aborted || error instanceof AirlockError) return;
    log.warn("approval not asked for", { approval: id, error });
  }
}
