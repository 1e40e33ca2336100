/**
 * A process that claims a data folder, for `owner_test.ts`. Arguments: the
 * folder, and `publish`, `silent`, or `parent` to start a child that lives as
 * long as the standard input it shares. It prints what it found as one line, stays
 * until its standard input ends, and then gives the folder up. @module
 */

import { claimDataFolder } from "../../src/storage/owner.ts";

const [data, mode] = Deno.args;
let child: number | undefined;
const claim = await claimDataFolder(data);
if (claim.owner && mode === "publish") {
  await claim.publish({
    url: "http://127.0.0.1:1/",
    token: `token of ${Deno.pid}`,
    pid: Deno.pid,
    version: "0.1.0",
  });
}
if (mode === "parent") {
  child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "await Array.fromAsync(Deno.stdin.readable)"],
    stdin: "inherit",
    stdout: "null",
  }).spawn().pid;
}
console.log(JSON.stringify(claim.owner ? { owner: true, pid: Deno.pid, child } : claim));
await Array.fromAsync(Deno.stdin.readable);
if (claim.owner) await claim[Symbol.asyncDispose]();
