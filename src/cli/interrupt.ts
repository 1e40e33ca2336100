/** How a person or the system ends a command. @module */

/** The signals that end a command. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Ends the listening. */
export interface Interrupt extends Disposable {
  /** Fires at the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
}

/** Listens for SIGINT and SIGTERM. The second one ends the process at once, with 130. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (controller.signal.aborted) Deno.exit(130);
      controller.abort(name);
    };
    return { name, listener };
  });
  for (const { name, listener } of listeners) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    },
  };
}

/** Resolves once a signal has fired. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
