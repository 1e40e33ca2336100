import { deepStrictEqual, ok, strictEqual } from "assert";
import { FrameReader } from "../../src/protocol/frames.ts";
import { FrameWriter, UnreadBytes } from "../../src/sandbox/frame_writer.ts";

const long = "ä€🙂x".repeat(40_000);

Deno.test("FrameWriter writes frames in order, in pieces no longer than a pipe takes", async () => {
  const frames = new FrameReader(1 << 20);
  const texts: string[] = [];
  const all = Promise.withResolvers<void>();
  let longest = 0;
  const stdin = new WritableStream<Uint8Array>({
    write(piece) {
      longest = Math.max(longest, piece.length);
      texts.push(...frames.read(piece));
      if (texts.length === 3) all.resolve();
    },
  });
  using unread = new UnreadBytes();
  const writer = new FrameWriter(stdin, { unread, onGivenUp: () => {} });

  writer.write("one");
  writer.write("[", long, "]");
  writer.write("three");
  await all.promise;
  await writer.close();

  deepStrictEqual(texts, ["one", `[${long}]`, "three"]);
  ok(longest <= 65_536);
  strictEqual(unread.inAll, 0);
});

Deno.test("FrameWriter gives up a host that leaves too much unread, and forgets it", async () => {
  using unread = new UnreadBytes({ perHost: 100, inAll: 1_000 });
  await using standing = new StandingWriter(unread);

  standing.writer.write("x".repeat(60));
  standing.writer.write("x".repeat(60));
  standing.writer.write("late");

  deepStrictEqual([standing.givenUp, unread.inAll], [1, 0]);
});

Deno.test("UnreadBytes gives up the host with the most where all together leave too much", async () => {
  using unread = new UnreadBytes({ perHost: 1_000, inAll: 100 });
  await using modest = new StandingWriter(unread);
  await using greedy = new StandingWriter(unread);

  greedy.writer.write("x".repeat(80));
  modest.writer.write("x".repeat(30));

  deepStrictEqual([greedy.givenUp, modest.givenUp, unread.inAll], [1, 0, 30]);
});

Deno.test("FrameWriter gives up once where the pipe breaks", async () => {
  const broken = Promise.withResolvers<number>();
  using unread = new UnreadBytes();
  const stdin = new WritableStream<Uint8Array>({
    write: () => Promise.reject(new Error("broken pipe")),
  });
  let givenUp = 0;
  const writer = new FrameWriter(stdin, { unread, onGivenUp: () => broken.resolve(++givenUp) });

  writer.write("one");
  writer.write("two");
  await broken.promise;
  await writer.close();

  deepStrictEqual([givenUp, unread.inAll], [1, 0]);
});

/** A writer whose host never reads. */
class StandingWriter implements AsyncDisposable {
  givenUp = 0;
  readonly writer: FrameWriter;
  readonly #stuck = Promise.withResolvers<void>();

  constructor(unread: UnreadBytes) {
    const stdin = new WritableStream<Uint8Array>({ write: () => this.#stuck.promise });
    this.writer = new FrameWriter(stdin, { unread, onGivenUp: () => this.givenUp++ });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stuck.reject(new Error("The host is gone"));
    await this.writer.close();
  }
}
