/** As much of the protobuf wire format as KV Connect needs: varints and length-delimited fields. @module */

/** The fields of a message by number, each as often as it came. */
export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array<ArrayBuffer>)[]>;

/** What a field is written from; nothing is written for `undefined`, and for a zero. */
export type FieldValue = number | bigint | boolean | Uint8Array | undefined;

/** Reads a message. @throws {RangeError} Where it is none. */
export function readMessage(bytes: Uint8Array<ArrayBuffer>): Fields {
  const fields = new Map<number, (bigint | Uint8Array<ArrayBuffer>)[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new RangeError("The message is cut off");
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("A number is too long");
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const values = fields.get(tag >>> 3) ?? [];
    fields.set(tag >>> 3, values);
    if ((tag & 7) === 0) values.push(varint());
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new RangeError("The message is cut off");
      values.push(bytes.subarray(at, at += length));
    } else throw new RangeError("A field has a type that does not occur");
  }
  return fields;
}

/** All messages or bytes of a field. */
export function manyOf(fields: Fields, number: number): Uint8Array<ArrayBuffer>[] {
  return (fields.get(number) ?? []).filter((value) => value instanceof Uint8Array);
}

/** The bytes of a field; empty where it is absent. */
export function bytesOf(fields: Fields, number: number): Uint8Array<ArrayBuffer> {
  return manyOf(fields, number).at(-1) ?? new Uint8Array();
}

/** The number of a field; 0 where it is absent. */
export function numberOf(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1);
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}

/** Writes a message: pairs of field numbers and values, in order. */
export function writeMessage(
  fields: readonly (readonly [number, FieldValue])[],
): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const parts: Uint8Array[] = [];
  const flush = () => parts.push(Uint8Array.from(out.splice(0)));
  const varint = (value: bigint) => {
    for (; value > 0x7fn; value >>= 7n) out.push(Number(value & 0x7fn) | 0x80);
    out.push(Number(value));
  };
  for (const [number, value] of fields) {
    if (value instanceof Uint8Array) {
      varint(BigInt(number << 3 | 2));
      varint(BigInt(value.length));
      flush();
      parts.push(value);
    } else if (value) {
      varint(BigInt(number << 3));
      varint(BigInt.asUintN(64, BigInt(value)));
    }
  }
  flush();
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
