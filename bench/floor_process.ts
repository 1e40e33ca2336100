/** Makes one fresh Worker after another and nothing else: `floor_process.ts bare|context MS`. @module */

import { formatFloorLine } from "./floor_line.ts";

const scripts = {
  bare: "postMessage(0)",
  context: 'process.getBuiltinModule("vm").createContext(Object.create(null)); postMessage(0)',
};

const [kind, windowMs] = Deno.args;
const script = kind === "context" ? scripts.context : scripts.bare;
const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

function makeWorker(): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(url, { type: "module", deno: { permissions: "none" } });
    worker.onmessage = () => {
      worker.terminate();
      resolve();
    };
  });
}

await makeWorker();
const startedAt = performance.now();
let made = 0;
while (performance.now() - startedAt < Number(windowMs)) {
  await makeWorker();
  made++;
}
console.log(formatFloorLine(made * 1_000 / (performance.now() - startedAt)));
