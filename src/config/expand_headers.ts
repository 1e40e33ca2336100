/** HTTP headers of a configuration, expanded and fit to be sent. @module */

import type { Expander } from "./expand_variables.ts";

/** Headers, and what is wrong with them in words that hold no value. */
export interface ExpandedHeaders {
  /** By name, as written. */
  headers: Record<string, string>;
  /** Empty where all can be sent. */
  problems: string[];
}

/** Expands the values of headers, and finds those that HTTP does not allow. */
export function expandHeaders(
  headers: Readonly<Record<string, string>>,
  expander: Expander,
): ExpandedHeaders {
  const entries = Object.entries(headers)
    .map(([name, value]): [string, string] => [name, expander.expand(value).trim()]);
  const problems = entries.filter(([name, value]) => !isSendable(name, value))
    .map(([name]) => `header ${JSON.stringify(name.slice(0, 64))} is not allowed in HTTP`);
  return { headers: Object.fromEntries(entries), problems };
}

function isSendable(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,256}$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
