import { deepStrictEqual, match, throws } from "assert";
import { listenForLogin } from "../../src/mcp/login_listener.ts";

Deno.test("listenForLogin() hands on what comes back to its address, and nothing else", async () => {
  const seen: string[] = [];
  const listener = listenForLogin({
    onAnswer: (params) => {
      seen.push(params.toString());
      return Promise.resolve("<b>done</b>");
    },
  });

  const taken = await fetch(`${listener.redirectUrl}?code=c&state=s`);
  const text = await taken.text();
  const elsewhere = await fetch(new URL("/", listener.redirectUrl));
  const posted = await fetch(listener.redirectUrl, { method: "POST" });
  await Promise.all([elsewhere.text(), posted.text()]);
  await listener.close();

  match(listener.redirectUrl, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
  deepStrictEqual([taken.status, text, elsewhere.status, posted.status], [
    200,
    "<b>done</b>",
    404,
    404,
  ]);
  match(taken.headers.get("content-type") ?? "", /^text\/plain/);
  deepStrictEqual(seen, ["code=c&state=s"]);
});

Deno.test("listenForLogin() listens at a port that was registered, and says where it is in use", async () => {
  const onAnswer = () => Promise.resolve("");
  const first = listenForLogin({ onAnswer });
  const port = Number(new URL(first.redirectUrl).port);

  throws(() => listenForLogin({ port, onAnswer }), {
    code: "unavailable",
    message: `Cannot wait for a login: port ${port} is in use`,
  });
  await first.close();
  const second = listenForLogin({ port, onAnswer });
  await second.close();

  deepStrictEqual(second.redirectUrl, `http://localhost:${port}/callback`);
});
