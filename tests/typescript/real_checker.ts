/** A checker in a process of its own, as a server starts it, over the tools of a small shop. @module */

import { Catalog } from "../../src/catalog/catalog.ts";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import type { VisibleTools } from "../../src/typescript/check_code.ts";
import { startChecker } from "../../src/typescript/start_checker.ts";
import type { Checked, Declarations, TypeChecker } from "../../src/typescript/type_checker.ts";

/** A checker that takes its time: the machine that tests run on may be busy. */
export function realChecker(deadlineMs = 60_000, heapMb?: number): Promise<TypeChecker> {
  return startChecker({ command: isolatedCommand, deadlineMs, heapMb });
}

/** Waits until a checker answers about these declarations: it may be starting. */
export async function checkCold(
  checker: TypeChecker,
  declarations: Declarations,
): Promise<Checked> {
  for (let tries = 0; tries < 20; tries++) {
    const checked = await checker.check(`return ${tries}`, declarations);
    if ("findings" in checked) return checked;
  }
  throw new Error("The checker does not start");
}

/** What code may name: a shop, with names of two forms. */
export function shopTools(open: VisibleTools["open"] = []): VisibleTools {
  const catalog = new Catalog();
  catalog.setServer("shop", [
    {
      name: "top_products",
      inputSchema: {
        type: "object",
        properties: {
          limit: { type: "integer" },
          order: { enum: ["price", "rating"] },
          tags: { type: "array", items: { type: "string" } },
          range: { type: "object", properties: { from: { type: "number" } }, required: ["from"] },
          since: { type: "string" },
          only: { type: "boolean" },
        },
      },
      outputSchema: {
        type: "object",
        properties: { items: { type: "array", items: { properties: { id: { type: "string" } } } } },
        required: ["items"],
      },
    },
    {
      name: "reviews",
      inputSchema: {
        type: "object",
        properties: { id: { type: "string" } },
        required: ["id"],
        additionalProperties: false,
      },
    },
    { name: "chart-png", inputSchema: { type: "object" } },
    {
      name: "pay",
      inputSchema: {
        anyOf: [
          { properties: { card: { type: "string" } }, required: ["card"] },
          { properties: { iban: { type: "string" } }, required: ["iban"] },
        ],
      },
    },
  ]);
  return { tools: catalog.snapshot().tools, open };
}
