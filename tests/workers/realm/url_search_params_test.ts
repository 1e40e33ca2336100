import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import {
  scalarText,
  shareParams,
  URLSearchParams as RealmParams,
} from "../../../workers/realm/url_search_params.ts";
import { connectGateway } from "./connect_gateway.ts";

connectGateway();

const text = fc.oneof(
  fc.constantFrom("a", "b", "a+b", "%", "é", "?", "&", "=", ""),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.string({
    unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((unit) => String.fromCharCode(unit)),
    maxLength: 3,
  }),
);

Deno.test("URLSearchParams reads every kind of beginning as the runtime does", () => {
  const pairs = fc.array(fc.tuple(text, text), { maxLength: 4 });
  const init = fc.oneof(
    text,
    pairs.map((list) => list.map((pair) => pair.join("=")).join("&")),
    pairs,
    pairs.map((list) => new Map(list)),
    fc.dictionary(text, text),
    fc.constantFrom(undefined, null, 5, [["a"]], [["a", "b", "c"]], ["ab"], [1], {}, []),
  );
  fc.assert(fc.property(init, (value) => {
    deepStrictEqual(
      outcome(() => read(new RealmParams(value))),
      outcome(() => {
        return read(Reflect.construct(URLSearchParams, [value]));
      }),
    );
  }));
});

Deno.test("URLSearchParams changes as the runtime's does", () => {
  const step = fc.record({
    method: fc.constantFrom("append", "delete", "set", "sort", "deleteValue"),
    name: text,
    value: text,
  });
  fc.assert(fc.property(text, fc.array(step, { maxLength: 8 }), (query, steps) => {
    const [ours, theirs] = [new RealmParams(query), new URLSearchParams(query)];
    for (const { method, name, value } of steps) {
      for (const params of [ours, theirs]) {
        if (method === "sort") params.sort();
        else if (method === "delete") params.delete(name);
        else if (method === "deleteValue") params.delete(name, value);
        else if (method === "set") params.set(name, value);
        else params.append(name, value);
      }
      deepStrictEqual(read(ours), read(theirs));
      deepStrictEqual(
        [ours.get(name), ours.getAll(name), ours.has(name), ours.has(name, value)],
        [theirs.get(name), theirs.getAll(name), theirs.has(name), theirs.has(name, value)],
      );
    }
  }));
});

Deno.test("URLSearchParams visits what is appended while it is walked", () => {
  const params = new RealmParams("a=1");
  const seen: string[] = [];

  params.forEach((value, name) => {
    seen.push(name + value);
    if (params.size < 3) params.append("b", `${params.size}`);
  });

  deepStrictEqual(seen, ["a1", "b1", "b2"]);
});

Deno.test("URLSearchParams refuses a callback that is none", () => {
  throws(() => Reflect.apply(RealmParams.prototype.forEach, new RealmParams("a"), [1]), TypeError);
});

Deno.test("shareParams() tells of changes, and not of what it is told", () => {
  const changes: string[] = [];
  const shared = shareParams("?a=1", (query) => changes.push(query));

  shared.read("?b=2");
  shared.params.append("c", "3");

  deepStrictEqual(changes, ["b=2&c=3"]);
});

Deno.test("scalarText() replaces lone surrogates", () => {
  strictEqual(scalarText("a\ud800b"), "a\ufffdb");
});

function read(params: RealmParams | URLSearchParams): unknown {
  const { size } = params;
  const pairs: Iterable<[string, string]> = params;
  return {
    size,
    all: [...pairs],
    keys: [...params.keys()],
    values: [...params.values()],
    text: `${params}`,
  };
}

function outcome(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error instanceof TypeError ? "TypeError" : error;
  }
}
