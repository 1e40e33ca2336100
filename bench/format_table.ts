/** Figures as a table for people. @module */

import type { Figure } from "./figure.ts";

const headings = ["what", "isolation", "value", "p95", "p99", "unit", "aim"];
/** Columns that hold numbers: they stand to the right. */
const numeric = new Set([2, 3, 4]);

/** The figures of one section under its name. */
export function formatTable(name: string, figures: readonly Figure[]): string {
  const rows = [headings, ...figures.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      numeric.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    ).join("  ").trimEnd()
  );
  return [`\n${name}`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function cellsOf({ name, isolation, value, p95, p99, unit, aim }: Figure): string[] {
  const number = (each: number | undefined) => each === undefined ? "" : String(each);
  return [name, isolation, number(value), number(p95), number(p99), unit, aim ?? ""];
}
