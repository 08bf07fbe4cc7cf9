import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type LineClock, LineCodec } from "./line.ts";
import { type LoadPlan, maxLinesPerWrite, type Rotation, type RotationMethod, shareOf } from "./load-plan.ts";
import { MarkRecorder } from "./mark-recorder.ts";

type ForcedRotation = Exclude<RotationMethod, "own">;

/** What the worker is told. */
export type GeneratorCommand =
  | { kind: "start" }
  | { kind: "stop" }
  | { kind: "end-at"; lines: number }
  | { kind: "rotate"; method: ForcedRotation };

/** What the worker tells: its ledger's content at the end, what a rotation did, or why it had to give up. */
export type GeneratorMessage =
  | { kind: "done"; sources: { source: string; written: number; marks: [number, number][] }[] }
  | { kind: "rotated"; rotations: Rotation[] }
  | { kind: "failed"; message: string; code: string | undefined };

/** What the worker is started with. `written` is shared: one counter a source. */
export interface GeneratorData {
  plan: LoadPlan;
  clock: LineClock;
  written: BigInt64Array<SharedArrayBuffer>;
}

const tickMs = 5;

/** One log file and what has been written to it. */
class SourceFile {
  readonly source: string;
  /** How many are to be written. */
  lines: number;
  readonly marks = new MarkRecorder();
  written = 0;
  readonly #path: string;
  #descriptor: number;

  constructor(folder: string, source: string, lines: number) {
    this.source = source;
    this.lines = lines;
    this.#path = join(folder, `${source}.log`);
    this.#descriptor = openSync(this.#path, "a");
  }

  append(text: string): void {
    const bytes = Buffer.from(text);
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#descriptor, bytes, done);
  }

  rotate(method: ForcedRotation): Rotation {
    const { size } = fstatSync(this.#descriptor);
    const rotated = `${this.#path}.${Date.now()}`;
    if (method === "copytruncate") {
      // No write can slip in between the two, as it could with a real logrotate: what is lost, the shipper lost.
      copyFileSync(this.#path, rotated);
      ftruncateSync(this.#descriptor, 0);
    }
    if (method === "rename" || method === "rename-create") renameSync(this.#path, rotated);
    if (method === "create" || method === "rename-create") {
      closeSync(this.#descriptor);
      this.#descriptor = openSync(this.#path, "a");
    }
    return { source: this.source, bytes: size, afterSequence: this.written };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

class Generator {
  readonly #files: SourceFile[];
  readonly #codec: LineCodec;
  readonly #perSource: number;
  readonly #written: BigInt64Array<SharedArrayBuffer>;
  #startedAtMs = 0;
  #stopped = false;
  /** Whether it is decided with which line the load ends. */
  #hasEnd: boolean;

  constructor({ plan, clock, written }: GeneratorData) {
    this.#perSource = clock.linesPerSecond;
    this.#codec = new LineCodec(plan.seed, clock);
    this.#written = written;
    const { lines, mostLines = lines, sources } = plan;
    this.#hasEnd = mostLines <= lines;
    this.#files = sources.map(
      (source, index) => new SourceFile(plan.folder, source, shareOf(mostLines, index, sources.length)),
    );
    for (const file of this.#files) file.append(`${this.#codec.encode(file.source, 0)}\n`);
  }

  start(): void {
    this.#startedAtMs = Date.now();
    for (const file of this.#files) file.marks.add(0, this.#startedAtMs);
    this.#tick();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#startedAtMs === 0) this.#finish();
  }

  endAt(lines: number): void {
    if (this.#hasEnd) return;
    this.#hasEnd = true;
    this.#files.forEach((file, index) => {
      const share = shareOf(lines, index, this.#files.length);
      file.lines = Math.min(file.lines, Math.max(share, file.written));
    });
  }

  rotate(method: ForcedRotation): Rotation[] {
    return this.#files.map((file) => file.rotate(method));
  }

  #tick(): void {
    if (this.#stopped || this.#files.every((file) => file.written === file.lines)) {
      this.#finish();
      return;
    }
    const dueLines = Math.floor(((Date.now() - this.#startedAtMs) / 1_000) * this.#perSource) + 1;
    this.#files.forEach((file, index) => {
      const upTo = Math.min(dueLines, file.lines, file.written + maxLinesPerWrite);
      if (upTo > file.written) this.#write(file, index, upTo);
    });
    const isBehind = this.#files.some((file) => file.written < Math.min(dueLines, file.lines));
    setTimeout(() => guarded(() => this.#tick()), isBehind ? 0 : tickMs);
  }

  #write(file: SourceFile, index: number, upTo: number): void {
    let text = "";
    for (let sequence = file.written + 1; sequence <= upTo; sequence++) {
      text += `${this.#codec.encode(file.source, sequence)}\n`;
    }
    file.append(text);
    file.written = upTo;
    file.marks.add(upTo, Date.now());
    Atomics.store(this.#written, index, BigInt(upTo));
  }

  #finish(): void {
    for (const file of this.#files) file.close();
    tell({
      kind: "done",
      sources: this.#files.map(({ source, written, marks }) => ({ source, written, marks: marks.list() })),
    });
    parentPort!.close();
  }
}

function tell(message: GeneratorMessage): void {
  parentPort!.postMessage(message);
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    const { message, code } = thrown as NodeJS.ErrnoException;
    tell({ kind: "failed", message, code });
    parentPort!.close();
  }
}

guarded(() => {
  const generator = new Generator(workerData as GeneratorData);
  parentPort!.on("message", (command: GeneratorCommand) =>
    guarded(() => {
      if (command.kind === "start") generator.start();
      else if (command.kind === "stop") generator.stop();
      else if (command.kind === "end-at") generator.endAt(command.lines);
      else tell({ kind: "rotated", rotations: generator.rotate(command.method) });
    }),
  );
});
