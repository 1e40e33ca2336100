/** What counts as this machine. @module */

/** Whether an IP address is a loopback one, in IPv4, IPv6 or mapped form. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, "");
  return plain === "::1" || /^127(\.\d{1,3}){3}$/.test(plain);
}

/** Whether a host name, without port, is one of the loopback names. */
export function isLoopbackName(name: string): boolean {
  return loopbackNames.has(name.toLowerCase());
}

/** Whether to listen on this host reaches this machine alone. */
export function isLoopbackListen(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return isLoopbackName(bare) || isLoopbackAddress(bare);
}

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);
