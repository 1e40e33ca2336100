/** Declarations of the guest's own globals (`API.md` section 4). @module */

/**
 * The globals that are Airlock's own, apart from the servers and `tools`: no
 * default library has them. Data that only the caller knows is `any`.
 */
export const airlockGlobals: string = `/** What the caller passed as \`input\`. */
declare const input: any;

/** Keeps JSON values of up to 1 MB between runs; they are the caller's own. */
declare const memory: {
  /** The value, or null where there is none. */
  get(key: string): Promise<any>;
  set(key: string, value: unknown): Promise<any>;
  delete(key: string): Promise<any>;
  list(options?: { prefix?: string; limit?: number }): Promise<any>;
  search(query: string): Promise<any>;
};

/** Functions that were saved earlier: skills.NAME(args). */
declare const skills: { readonly [name: string]: (args?: any) => Promise<any> };

/** Waits. */
declare function sleep(ms: number): Promise<void>;

/** Tells the caller how far the run is. */
declare function progress(done: number, total?: number, text?: string): void;

/** Hands a content block (text, image, audio, resource) to the caller. */
declare function emit(contentBlock: { type: string; [key: string]: unknown }): void;

/** The agent's own SQL database; there only in the code of agents. */
declare function sql(
  query: string,
  params?: unknown[],
): Promise<{ columns: string[]; rows: any[]; changes: number }>;

/** What a failing tool throws. */
declare class ToolError extends Error {
  constructor(message?: string, options?: { cause?: unknown; tool?: string; code?: string });
  /** Name of the tool. */
  readonly tool: string;
  /** tool_failed, tool_denied, tool_unknown, invalid_arguments, outcome_unknown or call_limit. */
  readonly code: string;
}
`;

/** Globals that the libraries of ECMAScript declare and the guest does not have. */
export const absentGlobals: string[] = ["eval", "SharedArrayBuffer", "Atomics", "WebAssembly"];

/**
 * The parts of the web platform that the guest has, for a checker whose
 * libraries are those of ECMAScript alone. Clashes with Deno's own library and
 * that of browsers, which have them already.
 */
export const guestLib: string = `/** Logs into the report of the run. */
declare const console: {
  debug(...data: unknown[]): void;
  log(...data: unknown[]): void;
  info(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
  [method: string]: (...data: any[]) => void;
};

declare function setTimeout(callback: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function setInterval(callback: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T, options?: { transfer?: unknown[] }): T;
declare function atob(data: string): string;
declare function btoa(data: string): string;

declare const crypto: {
  randomUUID(): \`\${string}-\${string}-\${string}-\${string}-\${string}\`;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
};

declare const performance: {
  /** Milliseconds since the start of the run. */
  now(): number;
};

declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(data?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

declare class URLSearchParams {
  constructor(init?: string | Iterable<readonly [string, string]> | { [name: string]: string } | URLSearchParams);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, key: string, parent: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}

declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}

declare class AbortSignal {
  static abort(reason?: unknown): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  static timeout(ms: number): AbortSignal;
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((event: any) => void) | null;
  addEventListener(type: "abort", listener: (event: any) => void, options?: unknown): void;
  removeEventListener(type: "abort", listener: (event: any) => void, options?: unknown): void;
  throwIfAborted(): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
`;
