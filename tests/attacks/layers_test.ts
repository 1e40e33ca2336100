/** Each layer alone, with the layers inside it switched off. @module */

import { deepStrictEqual, strictEqual } from "assert";
import { buildSync } from "esbuild";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { hostCommand, hostScript } from "../../src/sandbox/host_command.ts";

// Made before any test: the bundler's own port stays open.
const stripGlobalsScript = bundled("../../workers/strip_globals.ts");

Deno.test("a bare host process reads, writes, starts, signals and connects nothing", async () => {
  const reached = await inHostProcess(
    tryAll({
      "read a file": `Deno.readTextFileSync("/etc/hostname")`,
      "read its environment": `Deno.env.toObject()`,
      "read /proc": `Deno.readTextFileSync("/proc/self/environ")`,
      "list a folder": `[...Deno.readDirSync(".")].length`,
      "write a file": `Deno.writeTextFileSync("x", "x")`,
      "make a temporary file": `Deno.makeTempFileSync()`,
      "listen": `Deno.listen({ port: 0 })`,
      "connect": `await Deno.connect({ port: 9 })`,
      "fetch": `await fetch("http://127.0.0.1:9/")`,
      "resolve": `await Deno.resolveDns("example.com", "A")`,
      "start a program": `new Deno.Command("true").outputSync()`,
      "load a library": `Deno.dlopen("libc.so.6", {})`,
      "signal its parent": `Deno.kill(Deno.ppid, "SIGCONT")`,
      "signal process 1": `Deno.kill(1, "SIGCONT")`,
      "know the machine": `Deno.hostname()`,
      "know the user": `Deno.uid()`,
      "ask for a right":
        `(await Deno.permissions.request({ name: "read" })).state === "granted" || boom`,
      "read by node:fs": `process.getBuiltinModule("fs").readFileSync("/etc/hostname")`,
      "start by node:child_process":
        `process.getBuiltinModule("child_process").execFileSync("true")`,
      "connect by node:net": `await new Promise((resolve, reject) =>
        process.getBuiltinModule("net").connect(9, "127.0.0.1", resolve).on("error", reject))`,
      "open a database": `new (process.getBuiltinModule("sqlite").DatabaseSync)("x.db")`,
      "make code from text": `Function("return 1")()`,
      "start a worker that may read": `new Worker("data:text/javascript,0", {
        type: "module", deno: { permissions: { read: true } } })`,
    }),
  );

  deepStrictEqual(reached, []);
});

Deno.test("a bare host process imports no module by any name, computed ones neither", async () => {
  const names = builtinModules.flatMap((name) => [name, `node:${name}`]).concat(
    ["npm:is-even@1.0.0", "jsr:@std/path@1", "http://127.0.0.1:9/x.ts", "file:///etc/hostname"],
    ["ext:core/mod.js", "internal:core", "zod", "assert", "hono"],
  );
  const reached = await inHostProcess(
    tryAll(Object.fromEntries(
      names.map((name) => [name, `await import(${JSON.stringify(name)}.split("").join(""))`]),
    )),
  );

  deepStrictEqual(reached, []);
});

Deno.test("a bare host process knows nothing of the server: no argument, folder or variable", async () => {
  const [told] = await inHostProcess(
    `console.log(JSON.stringify([Deno.args.join(" ")]));`,
    { SECRET_OF_THE_SERVER: "hush" },
  );

  strictEqual(told, "--fresh=worker");
});

Deno.test("a bare Worker of a host has no rights, and makes no code from text", async () => {
  const tries = tryAll({
    "read a file": `Deno.readTextFileSync("/etc/hostname")`,
    "read its environment": `Deno.env.get("DENO_DIR")`,
    "connect": `await Deno.connect({ port: 9 })`,
    "start a program": `new Deno.Command("true").outputSync()`,
    "import a builtin": `await import("node:" + "fs")`,
    "make code from text": `Function("return 1")()`,
  });
  const reached = await inHostProcess(inWorker(tries));

  deepStrictEqual(reached, []);
});

Deno.test("stripGlobals() leaves a Worker nothing but ECMAScript and what its runtime needs", async () => {
  const script = `${stripGlobalsScript}
    const say = postMessage.bind(globalThis), names = Object.getOwnPropertyNames, next = Object.getPrototypeOf;
    const text = JSON.stringify, root = Object.prototype;
    const standard = new Set(${JSON.stringify(ecmascriptNames())});
    strip.stripGlobals(globalThis);
    const left = new Set();
    for (let o = globalThis; o !== null && o !== root; o = next(o)) {
      for (const name of names(o)) if (!standard.has(name)) left.add(name);
    }
    say(text([...left].sort()));`;
  const left = await inHostProcess(inWorker(script));

  deepStrictEqual(left, ["constructor", "dispatchEvent", "self"]);
});

/** Code that runs other code in a Worker as a host makes it, and prints what that posts. */
function inWorker(code: string): string {
  return `const url = URL.createObjectURL(new Blob([${JSON.stringify(code)}]));
const worker = new Worker(url, { type: "module", deno: { permissions: "none" } });
worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };`;
}

/** What a realm that holds nothing else has on its global. */
function ecmascriptNames(): string[] {
  return Object.getOwnPropertyNames(vm.runInNewContext("globalThis"));
}

/** A module of the Worker as a script that sets `strip`. */
function bundled(path: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    write: false,
    globalName: "strip",
    format: "iife",
    target: "esnext",
  });
  return outputFiles[0].text;
}

/** Code that prints, as a JSON list, the names of those expressions that did not throw. */
function tryAll(expressions: Record<string, string>): string {
  const attempts = Object.entries(expressions).map(([name, expression]) =>
    `try { ${expression}; reached.push(${JSON.stringify(name)}); } catch {}`
  );
  return `const say = globalThis.postMessage?.bind(globalThis) ?? console.log;
const reached = [];\n${attempts.join("\n")}\nsay(JSON.stringify(reached));`;
}

/** Runs code in place of the host, in the process the host runs in; gives the list it prints. */
async function inHostProcess(
  code: string,
  surroundings: Record<string, string> = {},
): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const script = join(folder, "host.js");
    await Deno.writeTextFile(script, code);
    const denoDir = join(folder, "deno");
    const { command, args, env } = hostCommand({ heapMb: 128, fresh: "worker", denoDir });
    Object.entries(surroundings).forEach(([name, value]) => Deno.env.set(name, value));
    const { stdout, stderr } = await new Deno.Command(command, {
      args: args.map((arg) => arg === hostScript ? script : arg),
      env,
      clearEnv: true,
      cwd: folder,
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stdout).trim();
    if (!said.startsWith("[")) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(said);
  } finally {
    Object.keys(surroundings).forEach((name) => Deno.env.delete(name));
    await Deno.remove(folder, { recursive: true });
  }
}
