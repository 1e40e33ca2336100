import { deepStrictEqual, strictEqual, throws } from "assert";
import { hundredths, samplesFor, summarize, timeEach } from "../../bench/figure.ts";
import { formatFloorLine, parseFloorLine } from "../../bench/floor_line.ts";
import { formatTable } from "../../bench/format_table.ts";

Deno.test("summarize() gives the median and the tail, whatever the order", () => {
  const samples = Array.from({ length: 100 }, (_, at) => 100 - at);

  deepStrictEqual(summarize(samples), { value: 51, p95: 96, p99: 100 });
});

Deno.test("summarize() refuses to make figures of nothing", () => {
  throws(() => summarize([]), RangeError);
});

Deno.test("samplesFor() takes a share of the samples, and at least one", () => {
  deepStrictEqual([samplesFor(1, 40), samplesFor(0.1, 40), samplesFor(0.001, 40)], [40, 4, 1]);
});

Deno.test("timeEach() times each go, one after another", async () => {
  let underWay = 0;
  const seen: number[] = [];

  const samples = await timeEach(3, async () => {
    seen.push(++underWay);
    await Promise.resolve();
    underWay--;
  });

  deepStrictEqual([samples.length, seen], [3, [1, 1, 1]]);
});

Deno.test("formatTable() lines columns up and leaves out what there is not", () => {
  const table = formatTable("runs", [
    {
      name: "a run",
      isolation: "none",
      unit: "ms",
      value: 5.5,
      p95: 10,
      p99: 12,
      aim: "at most 5",
    },
    { name: "another", isolation: "none", unit: "times", value: 12 },
  ]);

  strictEqual(
    table,
    [
      "",
      "runs",
      "  what     isolation  value  p95  p99  unit   aim",
      "  a run    none         5.5   10   12  ms     at most 5",
      "  another  none          12            times",
    ].join("\n"),
  );
});

Deno.test("parseFloorLine() reads what formatFloorLine() wrote, and nothing else", () => {
  const encode = (text: string) => new TextEncoder().encode(text);

  strictEqual(hundredths(parseFloorLine(encode(formatFloorLine(81.066)))), 81.07);
  throws(() => parseFloorLine(encode('{"workersPerSecond":-1}')));
});
