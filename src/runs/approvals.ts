/** Calls that wait for a person: as long as their run does, and of durable runs the decisions. @module */

import { z } from "zod";

import { AirlockError } from "../errors/airlock_error.ts";
import { hashText } from "../hashing/hash_json.ts";
import type { Principal } from "../grants/principal.ts";
import type { Json } from "../protocol/json.ts";
import type { Approval } from "./report.ts";
import type { ApprovalDecision, ApprovalService } from "./run_service.ts";

/** What a person is asked. */
export interface Question {
  /** The run that waits. */
  run: string;
  /** Whose run it is. */
  principal: string;
  /** The tool that is to be called. */
  tool: string;
  /** With which arguments. */
  arguments: Json;
  /** Why a person is asked. */
  reason: string;
  /** Names the call in a durable run: the decision is kept under it. @default {it is not kept} */
  key?: string;
}

const decisionSchema = z.object({
  decision: z.enum(["approve", "deny"]),
  note: z.string().optional(),
});

const keys = { decision: (principal: string, id: string) => ["approval_decision", principal, id] };

/** How long the decisions of durable runs are kept, milliseconds. */
const decisionMs = 30 * 24 * 60 * 60 * 1_000;

interface Waiting {
  approval: Approval;
  /** Whose run it is. */
  principal: string;
  /** The decision outlives this process. */
  isKept: boolean;
  decide(decision: ApprovalDecision): void;
}

/** Decided ones that are remembered, to tell a late decision from a wrong id. */
const maxDecided = 1_000;

/** Keeps what waits, and passes decisions on. */
export class Approvals implements ApprovalService {
  readonly #waiting = new Map<string, Waiting>();
  readonly #decided = new Map<string, string>();
  readonly #kv: Deno.Kv | undefined;

  /** Keeps the decisions of durable runs in a KV. @param kv None: they are not kept. */
  constructor(kv?: Deno.Kv) {
    this.#kv = kv;
  }

  /**
   * Asks, and waits for the decision.
   *
   * @param onAsked Told of the approval before anybody can decide it.
   * @throws What the signal was aborted with: then nobody is asked any more.
   */
  async ask(
    question: Question,
    signal: AbortSignal,
    onAsked: (approval: Approval) => void,
  ): Promise<ApprovalDecision> {
    const { principal, key, ...rest } = question;
    const id = key === undefined
      ? `apr_${crypto.randomUUID()}`
      : `apr_${hashText(`${question.run} ${key}`).slice(0, 32)}`;
    const isKept = key !== undefined;
    const known = isKept ? await this.#kept(principal, id) : undefined;
    if (known !== undefined) return known;
    const approval = { id, ...rest, at: new Date().toISOString() };
    const { promise, resolve, reject } = Promise.withResolvers<ApprovalDecision>();
    const forget = () => {
      this.#waiting.delete(approval.id);
      reject(signal.reason);
    };
    signal.throwIfAborted();
    signal.addEventListener("abort", forget, { once: true });
    this.#waiting.set(approval.id, {
      approval,
      principal,
      isKept,
      decide: (decision) => {
        signal.removeEventListener("abort", forget);
        resolve(decision);
      },
    });
    onAsked(approval);
    return await promise;
  }

  /** {@inheritDoc ApprovalService.list} */
  list(principal: Principal): Promise<Approval[]> {
    const own = [...this.#waiting.values()].filter((one) => one.principal === principal.name);
    return Promise.resolve(own.map(({ approval }) => approval));
  }

  /** {@inheritDoc ApprovalService.decide} */
  async decide(id: string, decision: ApprovalDecision, principal: Principal): Promise<Approval> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.principal !== principal.name) {
      const wasDecided = this.#decided.get(id) === principal.name;
      throw wasDecided
        ? new AirlockError("conflict", `Cannot decide approval "${id}": it was decided before`)
        : new AirlockError("not_found", `Cannot decide approval "${id}": nothing waits under it`);
    }
    this.#waiting.delete(id);
    this.#remember(id, principal.name);
    if (waiting.isKept) {
      const key = keys.decision(principal.name, id);
      await this.#kv?.set(key, { ...decision }, { expireIn: decisionMs });
    }
    waiting.decide(decision);
    return waiting.approval;
  }

  /** What was decided about the same call before the code was run again. */
  async #kept(principal: string, id: string): Promise<ApprovalDecision | undefined> {
    const entry = await this.#kv?.get(keys.decision(principal, id));
    return decisionSchema.safeParse(entry?.value).data;
  }

  #remember(id: string, principal: string): void {
    this.#decided.set(id, principal);
    if (this.#decided.size <= maxDecided) return;
    const [oldest] = this.#decided.keys();
    this.#decided.delete(oldest);
  }
}
