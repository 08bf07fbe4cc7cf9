import type { StackImage } from "./stack-image.ts";
import type { Usage } from "./usage.ts";

/** What a place says of an instance right now. Times are Unix milliseconds of this machine's clock. */
export interface InstanceState {
  /** Names this start of the process: it is another one whenever the instance was started anew, or replaced. */
  incarnation: string;
  running: boolean;
  /** The main process's number where the place tells it, and 0 while it does not run; for evidence alone. */
  pid: number;
  /** Of the process that ended last; 0 while none has. */
  exitCode: number;
  startedAtMs: number;
  /** When a process of it last ended; before 0 if none has. */
  endedAtMs: number;
}

/** Where this machine reaches a port of an instance at the moment. */
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
  /** What has to be kept when it is written back; `mtime` undefined where the place does not know it. */
  header: { mode?: number; uid?: number; gid?: number; mtime?: Date };
}

/** A file of an instance that is read as it comes, whatever its size. */
export interface StreamedFile {
  /** Its name in its folder. */
  name: string;
  /** How long it was when the place looked at it; what is written to it meanwhile is not part of `content`. */
  bytes: number;
  /** When it was last written to, in Unix milliseconds by the place's clock, in whole seconds where the place knows no more. */
  modifiedAtMs: number;
  /** Whether it is another name of a file elsewhere; then it has no content. */
  isLink: boolean;
  /** Is taken whole, or not at all. Fails if the place breaks off, or the file became shorter meanwhile. */
  content: AsyncIterable<Buffer>;
}

/** What is known of a file or a folder without reading it. */
export interface FileState {
  /** Of a file. */
  bytes: number;
  /** When it was last written to, as the place has it: to be compared with other such times alone. */
  modifiedAt: string;
}

/** How a process is told to end: SIGTERM, with which it may take its time, or SIGKILL. */
export type EndMethod = "term" | "kill";

/**
 * One process of a part in a place. It keeps its name while the process is ended, started and replaced. Addresses may change with each of
 * these, so ask for them anew each time.
 *
 * Methods that may be missing are capabilities which not every place has, or not for every instance.
 */
export interface Instance {
  /** The service's name where that has no other instance, else with its number behind it: `consumer-2`. */
  readonly name: string;
  readonly service: string;
  /** How far its clock is ahead of this machine's; not at all if absent. */
  readonly clockOffsetMs?: number;

  /** @throws Error if the instance is gone: something outside of the run removed it */
  state(): Promise<InstanceState>;
  /** Likewise; undefined if it is gone. */
  findState(): Promise<InstanceState | undefined>;
  /** The image that it runs. */
  image(): Promise<StackImage>;

  /** Where its server is reached now, or another of its ports; undefined while that port is not published. */
  address(port?: number): Promise<Address | undefined>;
  /** Where some of its ports are reached now; those that are not published are left out. */
  addresses(ports: readonly number[]): Promise<Map<number, Address>>;

  /**
   * Tells the process to end. For how long that takes, and whether something starts it again, look at `state`: after `kill` it may be there
   * for a moment yet.
   */
  end(how: EndMethod): Promise<void>;
  /** Starts it again, with its disk as it is; does not wait until it is ready. */
  start(): Promise<void>;
  /** SIGTERM, SIGKILL where it takes too long, and started again at once; resolves when it has been started. */
  restart(): Promise<void>;

  /** Stops the process where it is (SIGSTOP), and waits until it stands still: it keeps its connections and answers nobody. */
  pause?(): Promise<void>;
  /** Has it go on (SIGCONT). */
  unpause?(): Promise<void>;
  /** Whether its process stands still, as seen from outside of it. */
  isPaused?(): Promise<boolean>;

  /**
   * Puts a process that runs another image in its place, with the same volumes, networks and settings; one that runs is ended first. What
   * it wrote is kept. Does not wait until the new one is ready.
   *
   * @throws UnavailableError if that cannot be done, with the reason
   */
  replace?(image: Omit<StackImage, "service">): Promise<void>;
  /** Starts a second one like it beside it, which is no instance of its service. */
  duplicate?(): Promise<Duplicate>;

  /**
   * What it uses of its machine now; undefined while it does not run. May take a second.
   *
   * @throws Error if the place does not answer
   */
  usage?(): Promise<Usage | undefined>;

  /** The last lines that it wrote to stdout and stderr; those of processes that were replaced first. */
  logs(tailLines: number): Promise<string>;
  /**
   * Every file in a folder and below, by name, whether the process runs or not.
   *
   * @param maxBytes all of them together
   * @throws RangeError if they hold more, or are more than 10,000
   */
  files?(folder: string, maxBytes: number): Promise<InstanceFile[]>;
  /**
   * The file at a path, or the files right in the folder at it, one after the other in no certain order, whether the process runs or not.
   * What is not taken of one is skipped when the next is asked for. There are none if nothing is at the path.
   *
   * @throws Error if the place does not answer
   */
  streamFiles?(path: string): AsyncGenerator<StreamedFile>;
  /** What is known of a file or a folder as the instance sees it, whether the process runs or not; undefined if there is none. */
  fileState?(path: string): Promise<FileState | undefined>;
  /**
   * Where the place's machine has the file that holds what the instance writes to stdout; undefined where it keeps none. Rotated ones are
   * beside it: `PATH.1` is the newest.
   */
  stdoutFile?(): Promise<string | undefined>;
  /** Puts a file that `files` returned back into its folder, with what its content is by now. */
  writeFile?(folder: string, file: InstanceFile): Promise<void>;
}

/** A second one beside an instance. */
export interface Duplicate extends Instance {
  /** Removes it; whatever runs is killed. */
  remove(): Promise<void>;
}
