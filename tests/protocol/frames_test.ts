import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { encodeFrame, FrameError, framePieces, FrameReader } from "../../src/protocol/frames.ts";

Deno.test("framePieces() writes the frame that encodeFrame() makes, whatever the parts and the buffer", () => {
  const parts = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 8, max: 64 }), (texts, bufferBytes) => {
      const whole = encodeFrame(texts.join(""));

      const pieces = [
        ...framePieces(texts, whole.length - 4, new Uint8Array(bufferBytes))
          .map((piece) => piece.slice()),
      ];

      deepStrictEqual(join(pieces), whole);
    }),
  );
});

Deno.test("FrameReader gives back what encodeFrame() wrote, however the bytes are cut", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 50 })),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    (texts, cuts) => {
      const reader = new FrameReader(10_000);

      const read = cut(join(texts.map(encodeFrame)), cuts).flatMap((part) => [
        ...reader.read(part),
      ]);

      deepStrictEqual(read, texts);
      strictEqual(reader.isBetweenFrames, true);
    },
  ));
});

Deno.test("FrameReader refuses arbitrary bytes with a FrameError or gives bounded text", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      const reader = new FrameReader(64);
      try {
        for (const text of reader.read(bytes)) strictEqual(text.length <= 64, true);
      } catch (error) {
        strictEqual(error instanceof FrameError, true);
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("FrameReader refuses a length over its limit before it keeps anything", () => {
  const reader = new FrameReader(100);

  throws(() => [...reader.read(Uint8Array.of(0xff, 0xff, 0xff, 0xff))], /4294967295 bytes/);
});

Deno.test("FrameReader refuses an empty frame and one that is not UTF-8", () => {
  throws(() => [...new FrameReader(9).read(Uint8Array.of(0, 0, 0, 0))], /empty/);
  throws(() => [...new FrameReader(9).read(Uint8Array.of(0, 0, 0, 2, 0xc3, 0x28))], /UTF-8/);
});

Deno.test("FrameReader keeps U+2028 and a byte order mark within one text", () => {
  const text = "\ufeffa\u2028b\nc";

  deepStrictEqual([...new FrameReader(99).read(encodeFrame(text))], [text]);
});

function join(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function cut(bytes: Uint8Array, sizes: number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length];
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}
