import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { assertCron, countTimes, maxCounted, nextTime } from "../../src/schedules/cron.ts";

const berlin = "Europe/Berlin";
const newYork = "America/New_York";

const times: [name: string, cron: string, timeZone: string, from: string, next: string[]][] = [
  ["each minute", "* * * * *", "UTC", "2026-01-01T00:00:30Z", [
    "2026-01-01T00:01:00.000Z",
    "2026-01-01T00:02:00.000Z",
  ]],
  ["a nickname", "@daily", "UTC", "2026-01-01T00:00:00Z", ["2026-01-02T00:00:00.000Z"]],
  ["a weekday of the month", "0 9 * * MON#1", berlin, "2026-01-06T00:00:00Z", [
    "2026-02-02T08:00:00.000Z",
  ]],
  ["the last day of the month", "0 0 L 2 *", "UTC", "2026-01-01T00:00:00Z", [
    "2026-02-28T00:00:00.000Z",
    "2027-02-28T00:00:00.000Z",
    "2028-02-29T00:00:00.000Z",
  ]],
  ["29 February", "0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", ["2028-02-29T00:00:00.000Z"]],
  ["an hour that Berlin leaves out: right after it", "30 2 * * *", berlin, "2026-03-28T12:00:00Z", [
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]],
  ["an hour that Berlin repeats: once", "30 2 * * *", berlin, "2026-10-24T12:00:00Z", [
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]],
  ["hours in a list that Berlin repeats: once", "30 2,14 * * *", berlin, "2026-10-24T13:00:00Z", [
    "2026-10-25T00:30:00.000Z",
    "2026-10-25T13:30:00.000Z",
  ]],
  ["steps in an hour that Berlin repeats: twice", "*/30 2 * * *", berlin, "2026-10-24T12:00:00Z", [
    "2026-10-25T00:00:00.000Z",
    "2026-10-25T00:30:00.000Z",
    "2026-10-25T01:00:00.000Z",
    "2026-10-25T01:30:00.000Z",
    "2026-10-26T01:00:00.000Z",
  ]],
  [
    "steps in an hour that Berlin leaves out: not at all",
    "*/30 2 * * *",
    berlin,
    "2026-03-28T12:00:00Z",
    ["2026-03-30T00:00:00.000Z"],
  ],
  ["an hour that New York leaves out", "30 2 * * *", newYork, "2026-03-07T12:00:00Z", [
    "2026-03-08T07:00:00.000Z",
    "2026-03-09T06:30:00.000Z",
  ]],
  ["an hour that New York repeats", "30 1 * * *", newYork, "2026-10-31T12:00:00Z", [
    "2026-11-01T05:30:00.000Z",
    "2026-11-02T06:30:00.000Z",
  ]],
];
for (const [name, cron, timeZone, from, expected] of times) {
  Deno.test(`nextTime() gives ${name}`, () => {
    let at: number | undefined = Date.parse(from);
    const found = expected.map(() => {
      at = at === undefined ? undefined : nextTime({ cron, timeZone }, at);
      return at === undefined ? undefined : new Date(at).toISOString();
    });

    deepStrictEqual(found, expected);
  });
}

const refused: [name: string, cron: string, timeZone: string, message: string][] = [
  [
    "six fields",
    "* * * * * *",
    "UTC",
    'Cannot schedule "* * * * * *": it is no cron expression of five fields',
  ],
  ["no fields", "soon", "UTC", 'Cannot schedule "soon": it is no cron expression of five fields'],
  [
    "minute 99",
    "99 * * * *",
    "UTC",
    'Cannot schedule "99 * * * *": it is no cron expression of five fields',
  ],
  [
    "a date",
    "2026-12-01T00:00:00",
    "UTC",
    'Cannot schedule "2026-12-01T00:00:00": it is no cron expression of five fields',
  ],
  ["31 February", "0 0 31 2 *", "UTC", 'Cannot schedule "0 0 31 2 *": it never comes'],
  [
    "Mars",
    "0 0 * * *",
    "Mars/Olympus",
    'Cannot schedule "Mars/Olympus": there is no such time zone',
  ],
  [
    "a very long one",
    `${"1,".repeat(200)}1 * * * *`,
    "UTC",
    `Cannot schedule "${"1,".repeat(100)}": it is no cron expression of five fields`,
  ],
];
for (const [name, cron, timeZone, message] of refused) {
  Deno.test(`assertCron() refuses ${name}`, () => {
    throws(() => assertCron({ cron, timeZone }, Date.UTC(2026, 0)), {
      code: "invalid_request",
      message,
    });
  });
}

Deno.test("assertCron() says what is wrong with any text, and never throws another error", () => {
  const field = fc.constantFrom("*", "?", "L", "/", "-", ",", "W", "#", "0", "7", "59", "MON", "+");
  const text = fc.array(fc.array(field, { maxLength: 4 }).map((parts) => parts.join("")), {
    maxLength: 7,
  }).map((fields) => fields.join(" "));

  fc.assert(
    fc.property(text, (cron) => {
      try {
        assertCron({ cron, timeZone: "UTC" }, Date.UTC(2026, 0));
      } catch (error) {
        strictEqual(error instanceof Error && error.name, "AirlockError");
        return;
      }
      const first = nextTime({ cron, timeZone: "UTC" }, Date.UTC(2026, 0));
      strictEqual(first !== undefined && first % 60_000, 0);
    }),
    { numRuns: 300 },
  );
});

Deno.test("countTimes() counts what lies between two times, up to a bound", () => {
  const times = { cron: "*/10 * * * *", timeZone: "UTC" };
  const from = Date.UTC(2026, 0);

  strictEqual(countTimes(times, from, from + 3_600_000), 6);
  strictEqual(countTimes(times, from, from + 599_999), 0);
  strictEqual(countTimes(times, from, from + 365 * 86_400_000), maxCounted);
});
