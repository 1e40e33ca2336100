/** By what names tools and prompts are shown in pass-through mode. @module */

import type { CatalogSnapshot } from "../catalog/catalog.ts";
import type { Tool } from "../catalog/tool.ts";

/** A name of a server's own, and whose it is. */
export interface OwnName {
  server: string;
  name: string;
}

/** Original names where one server is shown, `server.name` where there are several. */
export class ExposedNames {
  /** Keys of the servers that are shown, in order. */
  readonly servers: readonly string[];

  /** Shows these servers, by their keys. */
  constructor(servers: readonly string[]) {
    this.servers = servers;
  }

  /** The name that clients see. */
  of({ server, name }: OwnName): string {
    return this.servers.length === 1 ? name : `${server}.${name}`;
  }

  /** Whose name it is. Where keys hold dots there may be several readings, the longest key first. */
  readings(exposed: string): OwnName[] {
    if (this.servers.length === 1) return [{ server: this.servers[0], name: exposed }];
    return this.servers.filter((server) => exposed.startsWith(`${server}.`))
      .sort((a, b) => b.length - a.length)
      .map((server) => ({ server, name: exposed.slice(server.length + 1) }));
  }

  /** The tool that clients mean by a name. */
  tool(exposed: string, catalog: CatalogSnapshot): Tool | undefined {
    for (const { server, name } of this.readings(exposed)) {
      const tool = catalog.tools.find((one) => one.server === server && one.tool === name);
      if (tool !== undefined) return tool;
    }
    return undefined;
  }
}
