import type { StackImage } from "./stack-image.ts";
import type { Usage } from "./usage.ts";

/** The current state of an instance. Times are Unix milliseconds of this machine's clock. */
export interface InstanceState {
  /** Identifies this start of the process. It changes whenever the instance is started again or replaced. */
  incarnation: string;
  running: boolean;
  /** The id of the main process if the place knows it, and 0 while it does not run. Used only as evidence. */
  pid: number;
  /** The exit code of the process that ended last; 0 if none has ended. */
  exitCode: number;
  /** Whether the process that ended last was killed because its memory was used up; absent if the place does not know. */
  isOutOfMemory?: boolean;
  startedAtMs: number;
  /** When a process of the instance last ended; negative if none has. */
  endedAtMs: number;
}

/** The address at which this machine currently reaches a port of an instance. */
export interface Address {
  host: string;
  port: number;
  /** `http://HOST:PORT`. */
  url: string;
}

/** A file of an instance. */
export interface InstanceFile {
  /** Relative to the folder that was read. */
  name: string;
  content: Buffer;
  /** What has to be preserved when the file is written back; `mtime` is undefined if the place does not know it. */
  header: { mode?: number; uid?: number; gid?: number; mtime?: Date };
}

/** A file of an instance, of any size, whose content is streamed. */
export interface StreamedFile {
  /** Its name in its folder. */
  name: string;
  /** Its length when the place opened it. What is written to it afterwards is not part of `content`. */
  bytes: number;
  /** When it was last written to, in Unix milliseconds of the place's clock; some places know whole seconds only. */
  modifiedAtMs: number;
  /** Whether it is only a link to another file; then it has no content. */
  isLink: boolean;
  /** Has to be read to its end or not at all. Throws if the place breaks off or the file became shorter meanwhile. */
  content: AsyncIterable<Buffer>;
}

/** The state of a file or folder, without its content. */
export interface FileState {
  /** The size of a file. */
  bytes: number;
  /** When it was last written to, as the place reports it. Only to be compared with other such times. */
  modifiedAt: string;
}

/** A volume that an instance writes to and that holds a limited number of bytes. */
export interface LimitedDisk {
  /** Where the instance has it. */
  folder: string;
  /** How many bytes it can hold. */
  bytes: number;
}

/** How to end a process: with SIGTERM, so that it can shut down gracefully, or with SIGKILL. */
export type EndMethod = "term" | "kill";

/**
 * One process of a part in a place. The instance keeps its name when the process is ended, started or replaced. Its addresses may change,
 * so ask for them each time.
 *
 * Optional methods are capabilities that not every place has, or not for every instance.
 */
export interface Instance {
  /** The service's name if it has only one instance, otherwise followed by a number: `consumer-2`. */
  readonly name: string;
  readonly service: string;
  /** How far its clock is ahead of this machine's; 0 if absent. */
  readonly clockOffsetMs?: number;

  /** @throws Error if the instance is gone: something outside of the run removed it */
  state(): Promise<InstanceState>;
  /** The same state, but undefined if the instance is gone. */
  findState(): Promise<InstanceState | undefined>;
  /** The image that it runs. */
  image(): Promise<StackImage>;

  /** The current address of its server, or of another port; undefined while the port is not published. */
  address(port?: number): Promise<Address | undefined>;
  /** The current addresses of several ports. Ports that are not published are left out. */
  addresses(ports: readonly number[]): Promise<Map<number, Address>>;

  /**
   * Ends the process. `term` resolves when the process has ended. After `kill` the process may still exist for a moment, so poll `state`,
   * which also shows whether something has started it again.
   */
  end(how: EndMethod): Promise<void>;
  /** Starts the process again with its disk unchanged; does not wait until it is ready. */
  start(): Promise<void>;
  /**
   * Ends the process with SIGTERM, or with SIGKILL if that takes too long, and starts it again at once. Resolves when it has been started.
   */
  restart(): Promise<void>;

  /** Suspends the process with SIGSTOP and waits until it is suspended. It keeps its connections but answers nothing. */
  pause?(): Promise<void>;
  /** Resumes the process with SIGCONT. */
  unpause?(): Promise<void>;
  /** Whether the process is suspended, as seen from outside of it. */
  isPaused?(): Promise<boolean>;

  /**
   * Replaces the process by one that runs another image, with the same volumes, networks and settings. A running process is ended first,
   * and its logs are kept. Does not wait until the new process is ready.
   *
   * @throws UnavailableError with the reason, if that is not possible
   */
  replace?(image: Omit<StackImage, "service">): Promise<void>;
  /** Starts a copy of this instance beside it. The copy does not count as an instance of the service. */
  duplicate?(): Promise<Duplicate>;

  /**
   * Its current resource usage; undefined while it does not run. May take a second.
   *
   * @throws Error if the place does not answer
   */
  usage?(): Promise<Usage | undefined>;

  /** The TCP ports at which it listens; undefined if the place cannot see them. */
  listeningPorts?(): Promise<number[] | undefined>;

  /** The last lines that it wrote to stdout and stderr, beginning with those of replaced processes. */
  logs(tailLines: number): Promise<string>;
  /**
   * Every file in a folder and its subfolders, by name. The process need not run.
   *
   * @param maxBytes the maximum size of all files together
   * @throws RangeError if the files are larger, or more than 10,000
   */
  files?(folder: string, maxBytes: number): Promise<InstanceFile[]>;
  /**
   * Streams the file at a path, or the files directly in the folder at it, one after the other in any order. The process need not run. The
   * content of a file that was not read is skipped. Yields nothing if there is nothing at the path.
   *
   * @throws Error if the place does not answer
   */
  streamFiles?(path: string): AsyncGenerator<StreamedFile>;
  /** The state of a file or folder as the instance sees it; undefined if there is none. The process need not run. */
  fileState?(path: string): Promise<FileState | undefined>;
  /**
   * The path, on the place's machine, of the file that contains what the instance writes to stdout; undefined if there is none. Rotated
   * files are beside it: `PATH.1` is the newest.
   */
  stdoutFile?(): Promise<string | undefined>;
  /**
   * Writes a file that `files` returned back into its folder, with its current `content`.
   *
   * @throws Error with the place's message if it cannot be written, for example because the disk is full
   */
  writeFile?(folder: string, file: InstanceFile): Promise<void>;
  /** The volumes that it writes to and that cannot grow beyond a size, which nothing else of this machine shares. */
  limitedDisks?(): Promise<LimitedDisk[]>;
  /**
   * Writes a file of zeros to a limited disk until the disk has no room for more. The process need not run.
   *
   * @throws RangeError if as many bytes as the disk is said to hold were written, so that its limit is not what was said
   */
  fillDisk?(disk: LimitedDisk, name: string): Promise<void>;
}

/** A copy of an instance that runs beside it. */
export interface Duplicate extends Instance {
  /** Kills and removes the copy. */
  remove(): Promise<void>;
}
