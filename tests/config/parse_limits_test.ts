import { deepStrictEqual, throws } from "assert";
import { defaultLimits } from "../../src/config/defaults.ts";
import { limitNames, parseLimits } from "../../src/config/parse_limits.ts";

Deno.test("parseLimits() takes what is no more than configured, and only what was asked for", () => {
  const limits = parseLimits({ timeoutMs: 30_000, calls: 1, cpuMs: undefined }, defaultLimits);

  deepStrictEqual(limits, { timeoutMs: 30_000, calls: 1 });
});

Deno.test("parseLimits() names each limit that is too large or no positive whole number", () => {
  for (const calls of [257, 0, -1, 1.5, NaN, Infinity, "10", null, 2 ** 60]) {
    throws(() => parseLimits({ calls, memoryMb: 1e9 }, defaultLimits), {
      code: "invalid_request",
      message: "Cannot use the limits: memoryMb must be a whole number from 1 to 256",
      issues: [
        { path: "memoryMb", message: "must be a whole number from 1 to 256" },
        { path: "calls", message: "must be a whole number from 1 to 256" },
      ],
    });
  }
});

Deno.test("limitNames holds every limit", () => {
  deepStrictEqual([...limitNames], Object.keys(defaultLimits));
});
