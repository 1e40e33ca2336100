/** Reads a stream no further than it may be long. @module */

import { UpstreamError } from "../servers/upstream_error.ts";

/**
 * All bytes of a stream, which is cancelled where there are more.
 *
 * @param what Names it in the error: `its answer`.
 * @throws {UpstreamError} `refused`, where it is longer than `maxBytes`.
 */
export async function readBytes(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new UpstreamError("refused", `${what} is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
