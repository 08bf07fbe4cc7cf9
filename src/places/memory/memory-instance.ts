import type {
  Address,
  EndMethod,
  FileState,
  Instance,
  InstanceFile,
  InstanceState,
  StreamedFile,
} from "../instance.ts";
import type { StackImage } from "../stack-image.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import type { Program } from "./program.ts";

const exitCodes = { term: 0, kill: 137 } as const;
let lastPid = 0;

/** What a memory instance consists of. */
interface MemoryInstanceOptions {
  program: Program;
  image: StackImage;
  /** The images that reports name; an image that is put in its place is added. */
  images: StackImage[];
  disk: MemoryDisk;
}

/** A program inside this process that plays the role of a separate process: it is started, ended, paused and replaced like one. */
export class MemoryInstance implements Instance {
  readonly name: string;
  readonly service: string;
  readonly #program: Program;
  readonly #images: StackImage[];
  readonly disk: MemoryDisk;
  readonly #log: string[] = [];
  #image: StackImage;
  #starts = 0;
  #pid = 0;
  #exitCode = 0;
  #startedAtMs = 0;
  #endedAtMs = -1;
  #isPaused = false;
  #isGone = false;

  constructor(name: string, service: string, { program, image, images, disk }: MemoryInstanceOptions) {
    this.name = name;
    this.service = service;
    this.#program = program;
    this.#image = image;
    this.#images = images;
    this.disk = disk;
    this.#run();
  }

  /** Whether it answers requests. */
  get serves(): boolean {
    return this.#pid > 0 && !this.#isPaused;
  }

  get runs(): boolean {
    return this.#pid > 0;
  }

  async state(): Promise<InstanceState> {
    const state = await this.findState();
    if (state === undefined) throw new Error(`${this.name} is gone: something removed it`);
    return state;
  }

  async findState(): Promise<InstanceState | undefined> {
    if (this.#isGone) return undefined;
    return {
      incarnation: `${this.name}@${this.#starts}`,
      running: this.runs,
      pid: this.#pid,
      exitCode: this.#exitCode,
      startedAtMs: this.#startedAtMs,
      endedAtMs: this.#endedAtMs,
    };
  }

  async image(): Promise<StackImage> {
    return this.#image;
  }

  async address(): Promise<Address | undefined> {
    return undefined;
  }

  async addresses(): Promise<Map<number, Address>> {
    return new Map();
  }

  async end(how: EndMethod): Promise<void> {
    this.#assertThere();
    if (!this.runs) throw new Error(`${this.name} does not run`);
    // A killed process ends at once; a process that gets SIGTERM runs until it has shut down.
    if (how === "kill") this.#setEnded(how);
    const words = await this.#program.end(how);
    if (how === "term") this.#setEnded(how);
    this.#log.push(words);
  }

  async start(): Promise<void> {
    this.#assertThere();
    if (this.runs) throw new Error(`${this.name} runs already`);
    this.#run();
  }

  async restart(): Promise<void> {
    if (this.runs) await this.end("term");
    await this.start();
  }

  async pause(): Promise<void> {
    this.#setPaused(true);
  }

  async unpause(): Promise<void> {
    this.#setPaused(false);
  }

  async isPaused(): Promise<boolean> {
    return this.#isPaused;
  }

  async replace(image: Omit<StackImage, "service">): Promise<void> {
    if (this.runs) await this.end("term");
    this.#log.push(`(replaced by ${image.reference})`);
    this.#image = { ...image, service: this.service };
    if (!this.#images.some(({ service, id }) => service === this.service && id === image.id))
      this.#images.push(this.#image);
    this.#run();
  }

  async logs(tailLines: number): Promise<string> {
    return this.#log
      .slice(-tailLines)
      .map((line) => `${line}\n`)
      .join("");
  }

  async files(folder: string, maxBytes: number): Promise<InstanceFile[]> {
    this.#assertThere();
    return this.disk.files(folder, maxBytes);
  }

  async *streamFiles(path: string): AsyncGenerator<StreamedFile> {
    this.#assertThere();
    yield* this.disk.streamFiles(path);
  }

  async fileState(path: string): Promise<FileState | undefined> {
    return this.#isGone ? undefined : this.disk.fileState(path);
  }

  async writeFile(folder: string, file: InstanceFile): Promise<void> {
    this.#assertThere();
    await this.disk.writeFile(folder, file);
  }

  /** Removes it together with its disk. */
  async remove(): Promise<void> {
    if (this.runs) await this.end("kill");
    this.#isGone = true;
  }

  #run(): void {
    this.#starts++;
    this.#pid = ++lastPid;
    this.#startedAtMs = Date.now();
    this.#log.push(`started with ${this.#image.reference}`);
    this.#program.start();
  }

  #setEnded(how: EndMethod): void {
    this.#pid = 0;
    this.#exitCode = exitCodes[how];
    this.#endedAtMs = Date.now();
    this.#isPaused = false;
  }

  #setPaused(isPaused: boolean): void {
    this.#assertThere();
    if (!this.runs) throw new Error(`${this.name} does not run`);
    this.#isPaused = isPaused;
    this.#program.setPaused(isPaused);
  }

  #assertThere(): void {
    if (this.#isGone) throw new Error(`${this.name} is gone: something removed it`);
  }
}
