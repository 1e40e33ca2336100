import { deepStrictEqual } from "assert";
import { find, places, shopService } from "./check_in_process.ts";

const unknown: [name: string, code: string, place: string][] = [
  ["a tool by brackets", 'await tools["shop"]["nope"]()', "unknown_tool 1:21"],
  ["a server", "await tools.shap.reviews()", "unknown_tool 1:13"],
  ["a tool of another name for its server", "const s = shop; s.nope()", "unknown_tool 1:19"],
  ["a tool that is handed on", "return [1].map(shop.nope)", "unknown_tool 1:21"],
  ["a tool that is taken out", "const { reviews, nope } = shop", "unknown_tool 1:18"],
];
for (const [name, code, place] of unknown) {
  Deno.test(`UnknownTools finds ${name}`, () => {
    deepStrictEqual(places(code), [place]);
  });
}

const known = [
  "await shop['chart-png']()",
  "await tools.shop['chart-png']()",
  "const { chart_png, ...rest } = shop",
  "return tools[input.server][input.tool]()",
  "const shop = { nope() {} }; shop.nope()",
  "return shop.toString + shop.then",
  "return Object.keys(shop).map((name) => shop[name])",
];
for (const code of known) {
  Deno.test(`UnknownTools finds nothing in ${code}`, () => {
    deepStrictEqual(find(code).filter(({ kind }) => kind !== "remark"), []);
  });
}

Deno.test("UnknownTools takes whatever a server may have that is not wholly declared", () => {
  deepStrictEqual(shopService(["shop"]).check("shop.hidden(); tools.shop.hidden()"), []);
});
