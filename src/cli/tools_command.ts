/** `airlock tools`: searches and lists tools. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Detail, ToolItem } from "../search/tool_item.ts";
import { type Command, openOptions, serversReady, withAirlock } from "./command.ts";
import { writeErrorLine, writeLine } from "./terminal.ts";

/** The command. */
export const toolsCommand: Command = {
  usage: "[QUERY] [--server NAME] [--detail names|signatures|full] [--json]",
  summary: "lists tools, or those that match a query, best first",
  options: {
    server: { type: "string" },
    detail: { type: "string" },
    json: { type: "boolean" },
  },
  maxPositionals: 1,
  run: async (args, deps) => {
    const { terminal } = deps;
    const detail = parseDetail(args.value("detail"));
    const options = { detail, server: args.value("server") };
    return await withAirlock(openOptions(args), deps, async ({ airlock, principal }) => {
      await serversReady(airlock, deps);
      const items = await airlock.tools.search(args.positionals[0], options, principal);
      if (args.has("json")) writeLine(terminal, JSON.stringify(items, null, 2));
      else for (const item of items) writeLine(terminal, describeItem(item, detail));
      if (items.length === 0) writeErrorLine(terminal, "No tool was found");
      return 0;
    });
  },
};

function parseDetail(text: string | undefined): Detail {
  switch (text) {
    case undefined:
      return "signatures";
    case "names":
    case "signatures":
    case "full":
      return text;
    default:
      throw new AirlockError(
        "usage",
        `Cannot use "--detail ${text}": not one of names, signatures, full`,
      );
  }
}

function describeItem({ name, summary, signature, declaration }: ToolItem, detail: Detail): string {
  switch (detail) {
    case "names":
      return summary === "" ? name : `${name}  ${summary}`;
    case "signatures":
      return `${signature ?? name}${summary === "" ? "" : `\n    ${summary}`}`;
    case "full":
      return `${declaration ?? signature ?? name}\n`;
    default:
      return detail satisfies never;
  }
}
