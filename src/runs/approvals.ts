/** Calls that wait for a person. They live as long as their run does. @module */

import { AirlockError } from "../errors/airlock_error.ts";
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
}

interface Waiting {
  approval: Approval;
  /** Whose run it is. */
  principal: string;
  decide(decision: ApprovalDecision): void;
}

/** Decided ones that are remembered, to tell a late decision from a wrong id. */
const maxDecided = 1_000;

/** Keeps what waits, and passes decisions on. */
export class Approvals implements ApprovalService {
  readonly #waiting = new Map<string, Waiting>();
  readonly #decided = new Map<string, string>();

  /**
   * Asks, and waits for the decision.
   *
   * @param onAsked Told of the approval before anybody can decide it.
   * @throws What the signal was aborted with: then nobody is asked any more.
   */
  ask(
    question: Question,
    signal: AbortSignal,
    onAsked: (approval: Approval) => void,
  ): Promise<ApprovalDecision> {
    const { principal, ...rest } = question;
    const approval = { id: `apr_${crypto.randomUUID()}`, ...rest, at: new Date().toISOString() };
    const { promise, resolve, reject } = Promise.withResolvers<ApprovalDecision>();
    const forget = () => {
      this.#waiting.delete(approval.id);
      reject(signal.reason);
    };
    signal.addEventListener("abort", forget, { once: true });
    this.#waiting.set(approval.id, {
      approval,
      principal,
      decide: (decision) => {
        signal.removeEventListener("abort", forget);
        resolve(decision);
      },
    });
    onAsked(approval);
    return promise;
  }

  /** {@inheritDoc ApprovalService.list} */
  list(principal: Principal): Promise<Approval[]> {
    const own = [...this.#waiting.values()].filter((one) => one.principal === principal.name);
    return Promise.resolve(own.map(({ approval }) => approval));
  }

  /** {@inheritDoc ApprovalService.decide} */
  decide(id: string, decision: ApprovalDecision, principal: Principal): Promise<Approval> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.principal !== principal.name) {
      const wasDecided = this.#decided.get(id) === principal.name;
      return Promise.reject(
        wasDecided
          ? new AirlockError("conflict", `Cannot decide approval "${id}": it was decided before`)
          : new AirlockError("not_found", `Cannot decide approval "${id}": nothing waits under it`),
      );
    }
    this.#waiting.delete(id);
    this.#remember(id, principal.name);
    waiting.decide(decision);
    return Promise.resolve(waiting.approval);
  }

  #remember(id: string, principal: string): void {
    this.#decided.set(id, principal);
    if (this.#decided.size <= maxDecided) return;
    const [oldest] = this.#decided.keys();
    this.#decided.delete(oldest);
  }
}
