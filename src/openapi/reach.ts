/** Where requests may go. @module */

const maxUrlChars = 2048;

/** Who named a URL: the configuration, or the document, which may be a stranger's. */
export type UrlOrigin = "configured" | "declared";

/**
 * Reads a URL that requests are to go to: https, or http on this machine if
 * the configuration says so. A document alone cannot lead into a private network.
 *
 * @param base What a relative URL starts from. @default {none}
 * @returns The URL, or why it cannot be used, as a clause.
 */
export function reachUrl(text: string, origin: UrlOrigin, base?: URL): URL | string {
  const url = text.length > maxUrlChars ? null : URL.parse(text, base);
  if (url === null) return "its URL is not absolute";
  if (url.username !== "" || url.password !== "") {
    return "its URL holds a password, which belongs into its headers";
  }
  const isTrusted = origin === "configured" || url.origin === base?.origin;
  if (url.protocol === "http:" && isTrusted && isLoopback(url.hostname)) return url;
  if (url.protocol !== "https:") return "its URL is neither https nor a configured one on loopback";
  return isTrusted || !isPrivate(url.hostname) ? url : "its URL leads into a private network";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || /^127\.[\d.]+$/.test(host) ||
    host === "[::1]";
}

/** By its name alone: what a name resolves to is not known here. */
function isPrivate(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (name.startsWith("[")) return !/^\[[23][0-9a-f]{3}:/.test(name);
  return isLoopback(name) || !name.includes(".") ||
    /\.(local|internal|lan|home\.arpa)$/.test(name) ||
    isPrivateAddress(name);
}

function isPrivateAddress(host: string): boolean {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) return false;
  const [a, b] = host.split(".").map(Number);
  return a === 0 || a === 10 || a === 127 || a >= 224 || (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}
