/** Makes TypeScript from its text, with nothing of the machine within its reach. @module */

import type ts from "typescript";

/** TypeScript's API, as a value that is passed around: the process imports nothing. */
export type TypeScript = typeof ts;

const vm = process.getBuiltinModule("vm");

/** Runs the text of `typescript.js`; without `process` and `require` it knows no file system. */
export function loadTypeScript(text: string): TypeScript {
  const script = new vm.Script(`(function (module, exports, require, process) {${text}\n})`, {
    filename: "typescript.js",
  });
  const load: (module: { exports: Partial<TypeScript> }, exports: object) => void = script
    .runInThisContext();
  const module = { exports: {} };
  load(module, module.exports);
  assertTypeScript(module.exports);
  return module.exports;
}

function assertTypeScript(loaded: Partial<TypeScript>): asserts loaded is TypeScript {
  if (typeof loaded.createLanguageService !== "function") {
    throw new TypeError("Cannot load TypeScript: the text is another");
  }
}
