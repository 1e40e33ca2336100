/** TypeScript's LanguageService over one set of declarations and changing code. @module */

import type ts from "typescript";
import type { CheckerLibraries, Finding } from "../../src/protocol/checker_messages.ts";
import { findFaults } from "./find_faults.ts";
import type { TypeScript } from "./load_typescript.ts";
import { wrapCode, wrapLoneFunction } from "./wrap_code.ts";

const guestFile = "/guest.d.ts";
const libraryFolder = "/lib/";

/** What all services share: the libraries are read once. */
export interface SharedFiles {
  readonly registry: ts.DocumentRegistry;
  readonly snapshots: ReadonlyMap<string, ts.IScriptSnapshot>;
  readonly mainLibrary: string;
  readonly absent: ReadonlySet<string>;
}

/** Reads the libraries for services to share. */
export function shareFiles(ts: TypeScript, given: CheckerLibraries): SharedFiles {
  const { libraries, main, guestLib, absent } = given;
  const snapshots = new Map(
    Object.entries(libraries).map(([name, text]) => [
      libraryFolder + name,
      ts.ScriptSnapshot.fromString(text),
    ]),
  );
  snapshots.set(guestFile, ts.ScriptSnapshot.fromString(guestLib));
  return {
    registry: ts.createDocumentRegistry(true),
    snapshots,
    mainLibrary: libraryFolder + main,
    absent: new Set(absent),
  };
}

let services = 0;

/** Checks code against one set of declarations. */
export class CheckService {
  readonly #ts: TypeScript;
  readonly #shared: SharedFiles;
  readonly #open: ReadonlySet<string>;
  readonly #service: ts.LanguageService;
  // The registry knows files by name: of those that differ, each service has its own.
  readonly #codeFile: string;
  readonly #toolsFile: string;
  #code: ts.IScriptSnapshot;
  #version = 0;

  /**
   * @param open Namespaces that have tools which the declarations leave out.
   */
  constructor(ts: TypeScript, shared: SharedFiles, declarations: string, open: string[]) {
    [this.#ts, this.#shared, this.#open] = [ts, shared, new Set(open)];
    const number = ++services;
    [this.#codeFile, this.#toolsFile] = [`/code_${number}.ts`, `/tools_${number}.d.ts`];
    this.#code = ts.ScriptSnapshot.fromString("");
    const files = new Map(shared.snapshots);
    files.set(this.#toolsFile, ts.ScriptSnapshot.fromString(declarations));
    this.#service = ts.createLanguageService(this.#host(files), shared.registry);
  }

  /** Checks code in any form that the host takes. */
  check(code: string): Finding[] {
    const findings = this.#find(wrapCode(this.#ts, code));
    const lone = findings.some(({ kind }) => kind === "syntax")
      ? wrapLoneFunction(code)
      : undefined;
    if (lone === undefined) return findings;
    const asFunction = this.#find(lone);
    return asFunction.some(({ kind }) => kind === "syntax") ? findings : asFunction;
  }

  /** Gives back what it holds of the shared registry. */
  dispose(): void {
    this.#service.dispose();
  }

  #find(text: string): Finding[] {
    this.#code = this.#ts.ScriptSnapshot.fromString(text);
    this.#version++;
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(this.#codeFile);
    if (program === undefined || file === undefined) {
      throw new TypeError("Cannot check code: TypeScript has no program");
    }
    return findFaults(this.#ts, program, {
      file,
      tools: this.#toolsFile,
      open: this.#open,
      absent: this.#shared.absent,
    });
  }

  #host(files: ReadonlyMap<string, ts.IScriptSnapshot>): ts.LanguageServiceHost {
    const { ScriptTarget, ModuleKind, ModuleDetectionKind, ModuleResolutionKind } = this.#ts;
    const options: ts.CompilerOptions = {
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      moduleDetection: ModuleDetectionKind.Force,
      moduleResolution: ModuleResolutionKind.Bundler,
      strict: false,
      types: [],
      noEmit: true,
      skipLibCheck: true,
      allowUnreachableCode: true,
      allowUnusedLabels: true,
    };
    const snapshot = (name: string) => name === this.#codeFile ? this.#code : files.get(name);
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [guestFile, this.#toolsFile, this.#codeFile],
      getScriptVersion: (name) => name === this.#codeFile ? `${this.#version}` : "0",
      getScriptSnapshot: snapshot,
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => this.#shared.mainLibrary,
      useCaseSensitiveFileNames: () => true,
      fileExists: (name) => snapshot(name) !== undefined,
      readFile: (name) => snapshot(name)?.getText(0, snapshot(name)?.getLength() ?? 0),
      directoryExists: () => false,
      getDirectories: () => [],
    };
  }
}
