/** Connects the platform's classes to a real gateway, without a realm around them. @module */

import { createGatewayOperations } from "../../../workers/guest_gateway.ts";
import { connect } from "../../../workers/realm/connection.ts";
import { guardGateway, type RawGateway } from "../../../workers/realm/gateway.ts";

/** What the classes did that has no caller. */
export interface Connected {
  readonly gateway: RawGateway;
  readonly uncaught: unknown[];
  /** What waits for `connection().later`. */
  readonly later: { callback: () => void; ms: number }[];
}

/** Connects, and gives what can be watched. */
export function connectGateway(): Connected {
  const connected = { gateway: createGateway(), uncaught: [], later: [] } satisfies Connected;
  const { gateway, uncaught, later }: Connected = connected;
  connect({
    gateway,
    onUncaught: (error) => void uncaught.push(error),
    later: (callback, ms) => void later.push({ callback, ms }),
  });
  return connected;
}

function createGateway(): RawGateway {
  const { operations } = createGatewayOperations({
    send: () => {},
    now: () => 0,
    fire: () => {},
  });
  return guardGateway((operation, ...args) =>
    Reflect.apply(operations[operation], undefined, args)
  );
}
