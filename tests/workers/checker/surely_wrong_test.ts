import { deepStrictEqual, strictEqual } from "assert";
import { find } from "./check_in_process.ts";

const wrong = [
  "shop.reviews('p1')",
  "shop.reviews(['p1'])",
  "shop.reviews(({ id: 5 }))",
  "const id = 5; shop.reviews({ id })",
  "const args = { id: 5 }; shop.reviews(args)",
  "shop.reviews({ id: input ? 1 : 2 })",
  "shop.reviews({ id: [] })",
  "shop.reviews({ id: { toString() { return '' } } })",
  "shop.top_products({ tags: 'a' })",
  "shop.top_products({ tags: [1] })",
  "shop.top_products({ tags: new Set(['a']) })",
  "shop.top_products({ range: {} })",
  "shop.top_products({ range: [1] })",
  "shop.top_products({ only: 'yes' })",
  "shop.top_products({ limit: '3' satisfies string })",
  "shop.top_products({ limit: 3n })",
  "enum O { A = 'name' } shop.top_products({ order: O.A })",
  "shop.pay({})",
  "shop.pay({ iban: 5 })",
  "tools.call('shop.reviews', 5)",
];
for (const code of wrong) {
  Deno.test(`SurelyWrong refuses ${code}`, () => {
    strictEqual(find(code).some(({ kind }) => kind === "wrong_arguments"), true);
  });
}

const mayBeRight = [
  "let order = 'price'; shop.top_products({ order })",
  "enum O { A = 'price' } shop.top_products({ order: O.A })",
  "shop.top_products({ since: new Date() })",
  "const args = {}; args.id = 'x'; shop.reviews(args)",
  "const args: { id?: string } = {}; shop.reviews(args)",
  "shop.reviews({ ...input })",
  "shop.reviews({ ...{}, ...JSON.parse('{}') })",
  "shop.reviews({ [input]: 1 })",
  "shop.reviews(...input)",
  "const id: string | number = input; shop.reviews({ id })",
  "let id: unknown = input; shop.reviews({ id })",
  "shop.reviews({ id: input ? 1 : 'x' })",
  "shop.reviews({ id: undefined })",
  "shop.reviews({ id: null })",
  "shop.top_products({ tags: [...input] })",
  "shop.top_products({ tags: [] })",
  "const tags = ['a', 1]; shop.top_products({ tags })",
  "shop.chart_png({ anything: { goes: [1] } })",
  "shop.pay({ card: 'x' })",
  "const f = input ? shop.pay : shop.reviews; f({ id: '', card: '' })",
  "shop.reviews({ id: `p${1}` })",
  "shop.reviews(input as { id: string })",
];
for (const code of mayBeRight) {
  Deno.test(`SurelyWrong lets ${code} pass`, () => {
    deepStrictEqual(find(code).filter(({ kind }) => kind !== "remark"), []);
  });
}
