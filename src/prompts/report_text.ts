/** The text form of a run's report: what a model needs to go on, and no more. @module */

import { type CallItem, type Diagnostic, isFinal, type LogItem } from "../runs/report.ts";
import type { RunError, RunReport } from "../runs/report.ts";
import { cutText, visibleLine, visibleText } from "./visible_text.ts";

/** Characters of the result that are shown. */
const MAX_RESULT = 30_000;
/** Characters of all logs together that are shown. */
const MAX_LOGS = 12_000;
/** Tools that the summary of calls names. */
const MAX_TOOLS = 20;
/** Diagnostics that are shown. */
const MAX_DIAGNOSTICS = 10;

/** A report as text for a model, at most about 50,000 characters; what is cut says so. */
export function reportText(report: RunReport): string {
  const parts = [
    describeState(report),
    report.error && describeError(report.error),
    report.result !== undefined && `Result:\n${describeResult(report)}`,
    describeLogs(report),
    describeCalls(report.calls),
    describeDiagnostics("Warnings", report.warnings),
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join("\n\n");
}

function describeState({ id, status, usage }: RunReport): string {
  if (isFinal(status)) return `Run ${id} ${status} after ${Math.round(usage.wallMs)} ms.`;
  const what = status === "waiting"
    ? "waits for a person to approve a call"
    : `is still ${status === "queued" ? "queued" : "running"}`;
  return `Run ${id} ${what}. Call wait with run_id "${id}" to see what became of it.`;
}

function describeError(error: RunError): string {
  const place = error.line === undefined
    ? ""
    : ` at line ${error.line}${error.column === undefined ? "" : `, column ${error.column}`}`;
  const name = error.name === undefined ? "" : `${visibleLine(error.name, 100)}: `;
  const lines = [
    `Error (${error.code})${place}: ${name}${cutText(visibleText(error.message), 4000)}`,
    error.tool === undefined ? "" : `Tool: ${visibleLine(error.tool, 300)}`,
    error.hint === undefined ? "" : `Hint: ${cutText(visibleText(error.hint), 2000)}`,
    describeDiagnostics("Diagnostics", error.diagnostics),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

function describeResult({ result }: RunReport): string {
  const text = visibleText(typeof result === "string" ? result : JSON.stringify(result, null, 1));
  if (text.length <= MAX_RESULT) return text;
  return `${cutText(text, MAX_RESULT)}\n(cut: the first ${MAX_RESULT} of ${text.length} ` +
    "characters are shown; return less, or a summary)";
}

function describeLogs({ logs, truncated }: RunReport): string {
  if (logs.length === 0) return "";
  const text = visibleText(logs.map(describeLog).join("\n"));
  const notes = [
    text.length > MAX_LOGS ? `cut: the first ${MAX_LOGS} of ${text.length} characters` : "",
    truncated?.logs === undefined ? "" : `the code logged ${truncated.logs} bytes in all`,
  ].filter((note) => note !== "");
  const note = notes.length === 0 ? "" : `\n(${notes.join("; ")})`;
  return `Logs:\n${cutText(text, MAX_LOGS)}${note}`;
}

function describeLog({ level, text }: LogItem): string {
  return level === "log" || level === "info" ? text : `[${level}] ${text}`;
}

/** `Calls: shop.reviews 3 ok, 1 failed; mail.send 1 denied`. */
function describeCalls(calls: readonly CallItem[]): string {
  if (calls.length === 0) return "";
  const counts = new Map<string, Map<string, number>>();
  for (const { tool, status } of calls) {
    const byStatus = counts.get(tool) ?? new Map<string, number>();
    counts.set(tool, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
  }
  const tools = [...counts].slice(0, MAX_TOOLS).map(([tool, byStatus]) =>
    `${visibleLine(tool, 200)} ${[...byStatus].map(([name, n]) => `${n} ${name}`).join(", ")}`
  );
  const more = counts.size - tools.length;
  return `Calls: ${tools.join("; ")}${more > 0 ? `; and ${more} more tools` : ""}`;
}

function describeDiagnostics(title: string, items: readonly Diagnostic[] = []): string {
  if (items.length === 0) return "";
  const lines = items.slice(0, MAX_DIAGNOSTICS).map((item) => {
    const hint = item.hint === undefined ? "" : ` (${visibleLine(item.hint, 500)})`;
    return `  ${item.line}:${item.column} ${visibleLine(item.message, 500)}${hint}`;
  });
  const more = items.length - lines.length;
  return [`${title}:`, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}
