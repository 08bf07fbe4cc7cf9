import { parentPort, workerData } from "node:worker_threads";
import { PacedLines } from "../paced-lines.ts";
import { PipeOutput } from "./pipe-output.ts";
import { ProgressFile } from "./progress-file.ts";
import type { StdoutSettings } from "./settings.ts";

/** A command to the writing thread. */
export type WriterCommand = { order: "start" } | { order: "stop" } | { order: "end-at"; line: number };

/** A message from the writing thread: the sentinel is written, the load has ended, or the reason why it failed. */
export type WriterMessage = { kind: "ready" } | { kind: "ended" } | { kind: "failed"; message: string };

const stdoutDescriptor = 1;

function tell(message: WriterMessage): void {
  parentPort!.postMessage(message);
}

function fail(thrown: unknown): void {
  tell({ kind: "failed", message: (thrown as Error).message });
}

// A separate thread, so that the process still accepts commands while a full pipe blocks the writer.
try {
  const { source, seed, clock, line, lines, ledgerFolder } = workerData as StdoutSettings;
  const progress = ProgressFile.create(ledgerFolder, source);
  const paced = new PacedLines({
    seed,
    clock,
    line,
    sources: [{ source, lines, output: new PipeOutput(stdoutDescriptor) }],
    onWritten: (_, written) => progress.note(written),
    onEnd: ([written]) => {
      progress.end(written!);
      tell({ kind: "ended" });
    },
    onFailure: fail,
  });
  parentPort!.on("message", (command: WriterCommand) => {
    try {
      if (command.order === "start") paced.start();
      else if (command.order === "stop") paced.stop();
      else paced.endAt([command.line]);
    } catch (thrown) {
      fail(thrown);
    }
  });
  tell({ kind: "ready" });
} catch (thrown) {
  fail(thrown);
}
