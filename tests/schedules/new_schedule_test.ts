import { deepStrictEqual, strictEqual, throws } from "assert";
import { newScheduleSchema, timesOf } from "../../src/schedules/new_schedule.ts";

const now = Date.UTC(2026, 10, 23);
const message = "Wake up";

Deno.test("timesOf() gives the first time of each kind", () => {
  deepStrictEqual(timesOf({ delayMs: 5_000, message }, now), { due: now + 5_000 });
  deepStrictEqual(timesOf({ at: "2026-11-23T09:00:00+01:00", message }, now), {
    due: now + 8 * 3_600_000,
  });
  deepStrictEqual(timesOf({ cron: "0 9 * * *", message }, now), {
    due: now + 9 * 3_600_000,
    cron: "0 9 * * *",
    timeZone: "UTC",
  });
});

Deno.test("timesOf() takes a time that has just passed, and none that is over or far off", () => {
  deepStrictEqual(timesOf({ at: "2026-11-22T23:59:30Z", message }, now), { due: now - 30_000 });
  throws(() => timesOf({ at: "2026-11-22T23:58:00Z", message }, now), {
    code: "invalid_request",
    message: 'Cannot schedule at "2026-11-22T23:58:00Z": it is over',
  });
  throws(() => timesOf({ at: "2028-01-01T00:00:00Z", message }, now), {
    code: "invalid_request",
    message: 'Cannot schedule at "2028-01-01T00:00:00Z": it is more than a year ahead',
  });
});

const bodies: [name: string, body: unknown, taken: boolean][] = [
  ["a time", { at: "2026-11-23T09:00:00Z", message }, true],
  ["a delay", { delayMs: 0, message }, true],
  ["cron with a time zone", { cron: "0 9 * * *", timeZone: "Europe/Berlin", message }, true],
  ["two kinds at once", { delayMs: 1, cron: "* * * * *", message }, false],
  ["a time without a zone", { at: "2026-11-23T09:00:00", message }, false],
  ["a delay that is negative", { delayMs: -1, message }, false],
  ["a delay beyond a year", { delayMs: 367 * 86_400_000, message }, false],
  ["no message", { delayMs: 1, message: "" }, false],
  ["a message of 16,001 characters", { delayMs: 1, message: "x".repeat(16_001) }, false],
  ["nothing", undefined, false],
];
for (const [name, body, taken] of bodies) {
  Deno.test(`newScheduleSchema ${taken ? "takes" : "refuses"} ${name}`, () => {
    strictEqual(newScheduleSchema.safeParse(body).success, taken);
  });
}
