import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { URL as RealmUrl } from "../../../workers/realm/url.ts";
import { connectGateway } from "./connect_gateway.ts";

connectGateway();

const components = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
const settable = components.filter((name) => name !== "origin");

Deno.test("URL reads what the runtime's own URL reads", () => {
  fc.assert(fc.property(urlText(), fc.option(urlText(), { nil: undefined }), (url, base) => {
    deepStrictEqual(shown(RealmUrl, url, base), shown(URL, url, base));
    strictEqual(RealmUrl.canParse(url, base), URL.canParse(url, base));
    strictEqual(RealmUrl.parse(url, base)?.href, URL.parse(url, base)?.href);
  }));
});

Deno.test("URL changes as the runtime's own URL does", () => {
  const change = fc.record({ name: fc.constantFrom(...settable), value: urlText() });
  fc.assert(fc.property(validUrl(), fc.array(change, { maxLength: 5 }), (text, changes) => {
    const [ours, theirs] = [new RealmUrl(text), new URL(text)];
    for (const { name, value } of changes) {
      strictEqual(set(ours, name, value), set(theirs, name, value));
      deepStrictEqual(parts(ours), parts(theirs));
      strictEqual(`${ours.searchParams}`, `${theirs.searchParams}`);
    }
  }));
});

Deno.test("URL and its searchParams follow each other", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  fc.assert(fc.property(validUrl(), text, text, (url, name, value) => {
    const [ours, theirs] = [new RealmUrl(url), new URL(url)];
    const before = [ours.searchParams, theirs.searchParams] as const;
    for (const params of before) params.append(name, value);
    strictEqual(ours.href, theirs.href);
    ours.search = theirs.search = `?${value}`;
    strictEqual(`${before[0]}`, `${before[1]}`);
    for (const params of before) params.delete(value);
    strictEqual(ours.href, theirs.href);
    strictEqual(ours.searchParams, before[0]);
  }));
});

Deno.test("URL throws a TypeError that names what is no URL", () => {
  throws(() => new RealmUrl("not a url"), {
    name: "TypeError",
    code: "ERR_INVALID_URL",
    message: 'Invalid URL: "not a url"',
  });
});

Deno.test("URL is shown by its href where text or JSON is wanted", () => {
  const url = new RealmUrl("../b?c#d", "https://example.com/a/x");

  deepStrictEqual([`${url}`, JSON.stringify({ url }), Object.prototype.toString.call(url)], [
    "https://example.com/b?c#d",
    '{"url":"https://example.com/b?c#d"}',
    "[object URL]",
  ]);
});

Deno.test("URL refuses a receiver that is none", () => {
  const getter = Object.getOwnPropertyDescriptor(RealmUrl.prototype, "href")?.get;

  throws(() => getter?.call({}), TypeError);
});

type Anyone = Record<typeof components[number], unknown>;

function parts(url: Anyone): unknown[] {
  return components.map((name) => url[name]);
}

function shown(Type: typeof URL | typeof RealmUrl, url: string, base?: string): unknown {
  try {
    return parts(new Type(url, base));
  } catch (error) {
    return error instanceof TypeError;
  }
}

function set(url: Anyone, name: typeof settable[number], value: string): boolean {
  try {
    url[name] = value;
    return true;
  } catch {
    return false;
  }
}

function urlText(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ..."http: https: ftp: file: mailto: javascript: // / \\ ? # @ : a b.c é 例 %41 %ff %zz [::1] 1.2.3.4 0x7f 80 443 .. . & = + | ' \" < >"
      .split(" "),
    " ",
    "\t",
    "\ud800",
    "\u0000",
  );
  const joined = fc.array(piece, { maxLength: 8 }).map((list) => list.join(""));
  return fc.oneof(validUrl(), joined, fc.string({ unit: "binary", maxLength: 8 }));
}

function validUrl(): fc.Arbitrary<string> {
  const other = fc.constantFrom(
    "mailto:a@b",
    "data:text/plain,x ?a",
    "foo://h:1/p?q=1&q=2#r",
    "file:///a/b",
    "http://u:p@h:8080/?a=b+c&%C3%A9",
  );
  return fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), other);
}
