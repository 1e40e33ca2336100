/** Names that people expect in the sandbox and do not find. @module */

const absent: ReadonlyMap<string, string> = new Map([
  ["fetch", "There is no network in the sandbox: call a tool"],
  ["require", "There are no modules in the sandbox: tools are globals"],
  ["process", "There is no process in the sandbox"],
  ["Deno", "There is no Deno in the sandbox"],
  ["Buffer", "Use Uint8Array, TextEncoder and TextDecoder"],
  ["eval", "Code cannot be made from strings in the sandbox"],
]);

/** What to do instead of using a global that the sandbox does not have, where it is a known one. */
export function absentGlobalHint(name: string): string | undefined {
  return absent.get(name);
}
