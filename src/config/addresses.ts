/** Addresses as people write them into a configuration. @module */

import { z } from "zod";

/** An address or name to listen on. */
export const hostSchema: z.ZodType<string> = z.string()
  .regex(/^[A-Za-z0-9_.:%[\]-]{1,255}$/, "must be a host name or an address");

/** What is said about a port that is none. */
export const portMessage = "must be a whole number from 0 to 65535";

/** A port to listen on; 0 lets the system choose. */
export const portSchema: z.ZodType<number, number> = z.int(portMessage)
  .min(0, portMessage).max(65_535, portMessage);

/** Where a KV is. */
export const kvSchema: z.ZodType<string> = z.string().max(2_048).refine(
  (text) => text === ":memory:" || isHttpUrl(text),
  'must be an http or https URL, or ":memory:"',
);

/** Where a model or an API answers. */
export const baseUrlSchema: z.ZodType<string> = z.string().max(2_048)
  .refine(isHttpUrl, "must be an http or https URL");

/** Where a browser page comes from: `https://console.example`. */
export const originSchema: z.ZodType<string> = z.string().max(2_048).refine(
  (text) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i.test(text) && URL.canParse(text),
  'must be an origin such as "https://example.com"',
);

/** Whether a text is an absolute URL of HTTP. */
export function isHttpUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "http:" || protocol === "https:";
}
