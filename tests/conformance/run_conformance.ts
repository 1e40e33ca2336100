/** Runs the official conformance suite in both roles: `deno task conformance [server|client]`. @module */

import { clientSuites, runClientSuite } from "./client_role.ts";
import { runServerSuite, serverSuites } from "./server_role.ts";

/** What runs a role; gives whether all of it passed. */
const roles: Record<string, () => Promise<boolean>> = {
  async server() {
    let isPassed = true;
    for (const suite of serverSuites) {
      console.log(`\nServer, ${suite.name}`);
      const outcome = await runServerSuite(suite);
      console.log(outcome.summary);
      isPassed = outcome.isPassed && isPassed;
    }
    return isPassed;
  },
  async client() {
    let isPassed = true;
    for (const suite of clientSuites) {
      console.log(`\nClient, ${suite.name}`);
      const outcome = await runClientSuite(suite);
      console.log(outcome.summary);
      isPassed = outcome.isPassed && isPassed;
    }
    return isPassed;
  },
};

const wanted = Deno.args.length === 0 ? Object.keys(roles) : Deno.args;
const outcomes: boolean[] = [];
for (const role of wanted) {
  if (!Object.hasOwn(roles, role)) throw new TypeError(`Cannot run role "${role}": not known`);
  outcomes.push(await roles[role]());
}
Deno.exit(outcomes.every(Boolean) ? 0 : 1);
