import { deepStrictEqual, strictEqual } from "assert";
import { Buffer } from "node:buffer";
import { crc32, inflateSync } from "node:zlib";
import { drawBarChart } from "../../examples/bar_chart.ts";

Deno.test("drawBarChart() draws a PNG whose bars are as high as their values", () => {
  const png = Buffer.from(drawBarChart([1, 2, 0]), "base64");
  const width = png.readUInt32BE(16);
  const dataLength = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + dataLength));
  const dark = (bar: number): number =>
    Array.from({ length: 64 }, (_, y) => rows[y * (width + 1) + 1 + 4 + bar * 16])
      .filter((pixel) => pixel === 0x40).length;

  strictEqual(png.toString("latin1", 1, 4), "PNG");
  deepStrictEqual([width, png.readUInt32BE(20)], [52, 64]);
  deepStrictEqual([dark(0), dark(1), dark(2)], [32, 64, 0]);
  strictEqual(png.readUInt32BE(29), crc32(png.subarray(12, 29)));
});
