/** Whether this runs on Deno Deploy. @module */

import { type Environment, readEnvironment } from "./environment.ts";

/** The deployment on Deno Deploy; `undefined` anywhere else. */
export function deploymentId(environment: Environment = readEnvironment()): string | undefined {
  return environment.DENO_DEPLOYMENT_ID;
}
