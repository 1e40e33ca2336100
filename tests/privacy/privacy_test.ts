import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import type { Tool } from "../../src/catalog/tool.ts";
import type { PrivacyRule } from "../../src/config/config.ts";
import { checkPattern } from "../../src/privacy/patterns.ts";
import { Privacy } from "../../src/privacy/privacy.ts";
import type { Json } from "../../src/protocol/json.ts";

const rules: PrivacyRule[] = [
  { tool: "crm.*", fields: ["name", "phone"], patterns: ["email", "card"], reveal: ["mail.send"] },
];
const find = toolOf("crm", "find");
const send = toolOf("mail", "send");

Deno.test("Privacy.conceal() hides fields and texts, and the same value in the same way", async () => {
  using kv = await Deno.openKv(":memory:");
  const privacy = await openPrivacy(kv);

  const answer = await privacy.conceal(find, {
    name: "Ada Byron",
    phone: 4915112345,
    note:
      "write to ada@example.org or bob@example.org, card 4111 1111 1111 1111, order 4111111111111112",
    others: [{ mail: "ada@example.org", size: 3 }],
  }, "local");

  const { name, phone, note, others } = Object(answer);
  match(name, /^name_[a-z2-7]{26}$/);
  match(phone, /^phone_[a-z2-7]{26}$/);
  match(note, /^write to email_\w{26} or email_\w{26}, card card_\w{26}, order 4111111111111112$/);
  ok(note.includes(others[0].mail));
  strictEqual(others[0].size, 3);
  const stored = await Array.fromAsync(
    kv.list({ prefix: [] }),
    ({ key, value }) => [key, String(value)],
  );
  ok(!JSON.stringify(stored).includes("Ada") && !JSON.stringify(stored).includes("example.org"));
});

Deno.test("Privacy.reveal() gives values back to whom a rule allows them, and to no other", async () => {
  using kv = await Deno.openKv(":memory:");
  const privacy = await openPrivacy(kv);
  const { name } = Object(await privacy.conceal(find, { name: 'Ada "B"' }, "local"));

  const sent = await privacy.reveal(send, { text: `Dear ${name},`, to: [name] }, "local");
  const toOther = await privacy.reveal(toolOf("log", "write"), { text: name }, "local");
  const ofOther = await privacy.reveal(send, { text: name }, "ci");
  const echoed = await privacy.conceal(send, { ok: 'sent to Ada "B"' }, "local", sent);
  const again = await (await openPrivacy(kv)).reveal(send, { text: name }, "local");

  deepStrictEqual(sent, { text: 'Dear Ada "B",', to: ['Ada "B"'] });
  deepStrictEqual([toOther, ofOther], [{ text: name }, { text: name }]);
  deepStrictEqual(echoed, { ok: `sent to ${name}` });
  deepStrictEqual(again, { text: 'Ada "B"' });
});

Deno.test("Privacy leaves the answers of other tools, and hides fields in JSON text", async () => {
  using kv = await Deno.openKv(":memory:");
  const privacy = await openPrivacy(kv);
  const answer = { name: "Ada", text: "ada@example.org" };

  const other = await privacy.conceal(toolOf("shop", "find"), answer, "local");
  const inText = await privacy.conceal(find, [{ type: "text", text: '{"name":"Ada"}' }], "local");
  const ofAnother = await privacy.conceal(find, { name: "Ada" }, "ci");
  const own = await privacy.conceal(find, { name: "Ada" }, "local");

  strictEqual(other, answer);
  match(JSON.stringify(inText), /name_\w{26}/);
  notStrictEqual(Object(ofAnother).name, Object(own).name);
});

Deno.test("Privacy.reveal() is the way back from Privacy.conceal(), whatever stands in an answer", async () => {
  using kv = await Deno.openKv(":memory:");
  const privacy = await openPrivacy(kv);
  const value = fc.record({
    name: fc.string({ unit: "binary", minLength: 1 }),
    mail: fc.emailAddress(),
    n: fc.integer({ max: 1_000_000 }),
  });

  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      const concealed = await privacy.conceal(find, JSON.parse(JSON.stringify(given)), "local");
      const back = await privacy.reveal(
        send,
        Object(concealed) as { [name: string]: Json },
        "local",
      );
      ok(!Object.values(Object(concealed)).includes(given.name));
      deepStrictEqual(back, JSON.parse(JSON.stringify(given)));
    }),
    { numRuns: 200 },
  );
});

Deno.test("checkPattern() names the patterns there are", () => {
  strictEqual(checkPattern("email"), undefined);
  match(checkPattern("constructor") ?? "", /email, phone, card, iban/);
});

function openPrivacy(kv: Deno.Kv): Promise<Privacy> {
  const key = (fill: number) => new Uint8Array(32).fill(fill);
  return Privacy.open(rules, { kv, tokenKey: key(1), sealKey: key(2) });
}

function toolOf(server: string, tool: string): Tool {
  return {
    name: `${server}.${tool}`,
    server,
    tool,
    namespace: server,
    member: tool,
    description: "",
    inputSchema: { type: "object" },
    hash: "",
  };
}
