/** Draws a bar chart as a PNG, so that the example shop has an image to show. @module */

import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

const barPx = 12;
const gapPx = 4;
const heightPx = 64;
const bar = 0x40;
const paper = 0xff;

/** A greyscale PNG with one bar a value, base64. The highest value fills the height. */
export function drawBarChart(values: readonly number[]): string {
  const width = values.length * (barPx + gapPx) + gapPx;
  const highest = Math.max(1, ...values);
  const rows = Array.from({ length: heightPx }, (_, y) => {
    const row = Buffer.alloc(width + 1, paper);
    row[0] = 0; // no filter
    values.forEach((value, index) => {
      const isBar = heightPx - y <= value / highest * heightPx;
      const left = 1 + gapPx + index * (barPx + gapPx);
      if (isBar) row.fill(bar, left, left + barPx);
    });
    return row;
  });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header(width, heightPx)),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]).toString("base64");
}

/** Eight bits of grey, not interlaced. */
function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  bytes[8] = 8;
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
