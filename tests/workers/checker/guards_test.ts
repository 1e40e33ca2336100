import { deepStrictEqual, strictEqual } from "assert";
import { find } from "./check_in_process.ts";

const guarded = [
  "if (shop.maybe) await shop.maybe()",
  "await shop.maybe?.()",
  "return (shop.maybe) ? shop.maybe() : 1",
  "return shop.maybe && shop.maybe()",
  "const f = shop.maybe ?? shop.reviews",
  "if (typeof shop.maybe === 'function') shop.maybe()",
  "if (!shop.maybe) return 1; shop.maybe()",
  "if ('maybe' in shop) shop.maybe()",
  "if (shop.maybe !== undefined) shop.maybe()",
  "while (shop.maybe) await shop.maybe()",
  "await tools.other?.x()",
  "await tools['other']?.['x']()",
  "const { maybe = shop.reviews } = shop",
  "await Promise.allSettled([shop.maybe()])",
  "await shop.maybe().then((a) => a, (e) => e)",
  "await shop.maybe().catch(() => 1)",
];
for (const code of guarded) {
  Deno.test(`isAskedFor() and isFailureHandled() know the guard of ${code}`, () => {
    deepStrictEqual(find(code).filter(({ kind }) => kind !== "remark"), []);
  });
}

const unguarded = [
  "if (shop.reviews) await shop.maybe()",
  "if (x()) shop.maybe(); function x() {}",
  "return 1 && shop.maybe()",
  "return shop.maybe()?.x",
  "return shop.maybe().then((a) => a)",
  "try { await shop.maybe() } finally { sleep(1) }",
  "try { sleep(1) } catch { await shop.maybe() }",
  "await Promise.all([shop.maybe()])",
];
for (const code of unguarded) {
  Deno.test(`isAskedFor() and isFailureHandled() find no guard in ${code}`, () => {
    strictEqual(find(code).some(({ kind }) => kind === "unknown_tool"), true);
  });
}
