import { match, ok, strictEqual } from "assert";
import { ProgressLine } from "../../src/cli/progress_line.ts";
import { FakeTerminal } from "./fakes.ts";

Deno.test("ProgressLine moves on a terminal, makes room for lines and takes itself away", async () => {
  const drawn = Promise.withResolvers<void>();
  const terminal = new (class extends FakeTerminal {
    override writeError(text: string): void {
      super.writeError(text);
      if (text.includes("shop.b")) drawn.resolve();
    }
  })({ isTerminal: true });

  {
    using line = new ProgressLine(terminal, "Running");
    line.update("shop.b\u001b[31m");
    await drawn.promise;
    line.print("a log");
  }

  match(terminal.errors, /shop\.b\\u001b\[31m/);
  ok(terminal.errors.includes("\r\u001b[2Ka log\n"));
  ok(terminal.errors.endsWith("\r\u001b[2K"));
});

Deno.test("ProgressLine shows lines only where nobody watches", () => {
  const terminal = new FakeTerminal();

  {
    using line = new ProgressLine(terminal, "Running");
    line.print("a log");
  }

  strictEqual(terminal.errors, "a log\n");
});
