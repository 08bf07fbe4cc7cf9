import { Worker } from "node:worker_threads";
import { commandServer } from "./command-server.ts";
import { readStdoutSettings, type StdoutSettings } from "./settings.ts";
import type { WriterCommand, WriterMessage } from "./writer-worker.ts";

const exitCodes = { usage: 64, inputOutput: 74 } as const;

/** Stdout is only for lines; everything else goes to stderr. */
function die(exitCode: number, message: string): never {
  process.stderr.write(`stdout-generator: ${message}\n`);
  process.exit(exitCode);
}

function settingsOrExit(): StdoutSettings {
  try {
    return readStdoutSettings(process.env);
  } catch (thrown) {
    die(exitCodes.usage, (thrown as Error).message);
  }
}

const settings = settingsOrExit();
const worker = new Worker(new URL("writer-worker.ts", import.meta.url), { workerData: settings });
const ended = Promise.withResolvers<void>();
let isReady = false;

worker.on("message", (message: WriterMessage) => {
  if (message.kind === "failed") die(exitCodes.inputOutput, message.message);
  if (message.kind === "ended") ended.resolve();
  else isReady = true;
});
worker.on("error", ({ stack, message }) => die(exitCodes.inputOutput, stack ?? message));

function tell(command: WriterCommand): void {
  worker.postMessage(command);
}

async function stop(): Promise<void> {
  tell({ order: "stop" });
  await ended.promise;
}

const server = commandServer({
  isReady: () => isReady,
  start: () => tell({ order: "start" }),
  stop,
  endAt: (line) => tell({ order: "end-at", line }),
});
server.listen(settings.port);

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    void stop().then(() => process.exit(0));
  });
