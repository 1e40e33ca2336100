import { strictEqual } from "assert";
import { reachUrl } from "../../src/openapi/reach.ts";

Deno.test("reachUrl() takes https, and http on loopback only where that is configured", () => {
  strictEqual(reach("https://api.example.com/v1", "declared"), "https://api.example.com/v1");
  strictEqual(reach("http://127.0.0.1:8080/", "configured"), "http://127.0.0.1:8080/");
  for (const url of ["http://127.0.0.1/", "http://localhost/", "http://[::1]/"]) {
    strictEqual(
      reach(url, "declared"),
      "its URL is neither https nor a configured one on loopback",
    );
  }
  for (const url of ["http://api.example.com/", "ftp://127.0.0.1/", "file:///etc/passwd"]) {
    strictEqual(
      reach(url, "configured"),
      "its URL is neither https nor a configured one on loopback",
    );
  }
});

Deno.test("reachUrl() lets no document lead into a private network", () => {
  const hosts = ["localhost", "127.1", "10.0.0.5", "172.31.0.1", "192.168.1.1", "169.254.169.254"];
  hosts.push("0x7f000001", "2130706433", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "intranet");
  hosts.push("db.internal", "printer.local", "localhost.", "0.0.0.0");
  for (const host of hosts) {
    strictEqual(
      reach(`https://${host}/`, "declared"),
      "its URL leads into a private network",
      host,
    );
  }
  strictEqual(reach("https://10.0.0.5/", "configured"), "https://10.0.0.5/");
  strictEqual(reach("https://172.32.0.1/", "declared"), "https://172.32.0.1/");
});

Deno.test("reachUrl() starts from the document's URL, and refuses passwords", () => {
  const base = new URL("http://127.0.0.1:8080/docs/api.json");
  strictEqual(String(reachUrl("/v1", "declared", base)), "http://127.0.0.1:8080/v1");
  strictEqual(reach("/v1", "declared"), "its URL is not absolute");
  strictEqual(
    reach("https://user:hunter2@x.example/", "configured"),
    "its URL holds a password, which belongs into its headers",
  );
});

function reach(text: string, origin: "configured" | "declared"): string {
  return String(reachUrl(text, origin));
}
