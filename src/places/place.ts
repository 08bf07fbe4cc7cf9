import type { Redactor } from "../base/redact.ts";
import type { LinkName, PartImage, Pipeline } from "../pipeline/pipeline.ts";
import type { ImageOptions } from "./images/image-options.ts";
import type { ImageStore } from "./images/image-store.ts";
import type { Instance } from "./instance.ts";
import type { MountDifference } from "./mount-difference.ts";
import type { MountNote } from "./mount-note.ts";
import type { StackChange } from "./stack-change.ts";
import type { ResolvedImage, StackImage } from "./stack-image.ts";

/** What a pipeline runs on; goes into every report. */
export interface PlaceDescription {
  /** The engine's version, such as `28.2.2`. */
  engine: string;
  /** The version of its API, such as `1.50`. */
  api: string;
  kernel: string;
  cpus: number;
  memoryBytes: number;
}

/** What `Place.start` needs beside the pipeline. */
export interface StartOptions extends ImageOptions {
  runId: string;
  /** The folder that `Place.prepare` has put the pipeline's files into, and which they are started from. */
  folder: string;
  /** The folder with the lines that the shipper reads; of this machine, or where containers write to stdout, of the place's. */
  logsFolder: string;
  /** Of containers that write to stdout: the names of the folders in it that belong to them. */
  logContainers?: readonly string[] | undefined;
  /** The folder for copies of files of the user's that an instance may write into. */
  copiesFolder?: string | undefined;
  /** Variables of the pipeline's files beside those that the place sets by itself. */
  variables?: Record<string, string>;
}

/** A program that a run starts beside the pipeline: it shares folders with this machine, and no network with anybody. */
export interface HelperSpec {
  name: string;
  image: { name: string; version: string };
  environment: Record<string, string>;
  /** Folders of this machine by where the program finds them; it writes there as the user who runs Everyline. */
  folders: Record<string, string>;
  /** The port of its server. */
  port: number;
  memoryBytes: number;
  /** Keeps what it writes to stdout in a file that a shipper can read (`Instance.stdoutFile`); as for any program if absent. */
  stdout?: StdoutFiles | undefined;
}

/** How a place keeps what a program writes to stdout. */
export interface StdoutFiles {
  /** A file that has become as large as this is rotated, and so many files are kept in all; one file of any size if absent. */
  rotation?: { bytes: number; files: number } | undefined;
}

/** A program that runs to its end by itself, without a network. */
export interface ProgramSpec {
  name: string;
  image: PartImage;
  command: string[];
  /** Files and folders of this machine, and where the program finds them; it may read them. */
  files: { source: string; target: string }[];
  timeoutMs: number;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Undefined if it did not end in time. */
  exitCode: number | undefined;
  /** The last lines that it wrote, without empty ones. */
  lines: string[];
}

/** A stack that was up before any run. */
export interface FoundStack {
  /** The pipeline with what is known of it only now: how many instances each service has. */
  pipeline: Pipeline;
  /** The folder of this machine from which the shipper reads its log files. */
  logsFolder: string;
}

/** How many things of each kind were removed, by the plural of what they are: `containers`. */
export type Removed = Record<string, number>;

/**
 * Where pipelines run and are broken. Everything that a run starts there carries the run's id, so that it can be found and removed whoever
 * started it.
 */
export interface Place {
  describe(): Promise<PlaceDescription>;
  /** Copies what a pipeline is described by into the folder of a run, secrets taken out. */
  prepare(pipeline: Pipeline, folder: string, redactor: Redactor): Promise<void>;
  /**
   * Looks at the stack that a pipeline names, which is up and is not to be started.
   *
   * @throws UsageError if something serves there that no part of the pipeline names
   * @throws UnavailableError if it is not up, or its log files cannot be reached from here
   */
  find?(pipeline: Pipeline): Promise<FoundStack>;
  /**
   * Starts a pipeline, or attaches to the one that `find` found; does not wait until it is ready. What was started stays until `remove`,
   * also when this throws.
   *
   * @throws UnavailableError if an image cannot be had or something refuses to start, with what it said
   */
  start(pipeline: Pipeline, options: StartOptions): Promise<Stack>;
  /**
   * Starts programs beside the pipeline, each under its name; does not wait until they are ready. What was started stays until `remove`,
   * also when this throws.
   *
   * @throws UnavailableError if an image cannot be had or one does not start
   */
  startHelpers?(runId: string, helpers: readonly HelperSpec[], options: ImageOptions): Promise<Instance[]>;
  /**
   * Runs a program to its end, and removes it.
   *
   * @throws UnavailableError if its image cannot be had
   */
  runProgram?(runId: string, program: ProgramSpec, options: ImageOptions): Promise<ProgramEnd>;
  readonly images?: ImageStore;
  /** The ids of the runs of which something is there, running or not. */
  leftovers(): Promise<string[]>;
  /** Removes whatever a run of this process has started; may be called at any moment, and again. */
  remove(runId: string): Promise<Removed>;
  /** Likewise for a run whose process was killed, together with what that process has left at work. */
  removeAbandoned(runId: string): Promise<Removed>;
}

/** What a run has otherwise than the user's files say. */
export interface MountProof {
  /** The differences that make it another stack. */
  differences: MountDifference[];
  /** Files that an instance has written into since it started, which are no configuration: `SERVICE PATH`. */
  written: string[];
  /** How many files could not be compared, or are too many. */
  unchecked: number;
}

/** A pipeline that runs. */
export interface Stack {
  readonly pipeline: Pipeline;
  /** Every service of the pipeline, those that a line passes first, in that order. */
  readonly services: readonly string[];
  /** Which image each service runs, and those that `Instance.replace` gave it. */
  readonly images: readonly StackImage[];
  /** What the run has otherwise than the user's files say, on purpose. */
  readonly notes: readonly MountNote[];
  readonly links: Links;

  /** The instances of some services, or all, in the order of `services`. */
  instances(services?: readonly string[]): Instance[];
  /** @throws RangeError if there is none of that name */
  instance(name: string): Instance;
  /**
   * Makes sure that the place has an image for `Instance.replace`: by its reference, or by what a part's description says of it.
   *
   * @throws UnavailableError saying why it cannot be had
   */
  resolveImage?(image: string | PartImage, options: ImageOptions): Promise<ResolvedImage>;
  /** SIGKILL to all of them in one moment, as when the power fails. */
  killAtOnce?(instances: readonly Instance[]): Promise<void>;
  /** Compares with what is known of some services from when the stack was up. */
  changes(services: readonly string[]): Promise<StackChange[]>;
  /** Compares the files that instances have with the user's; of a stack that was started from files of the user's own. */
  proveMounts?(): Promise<MountProof>;
  /** What its instances have under the name of a secret. */
  secrets(): Promise<string[]>;
}

/** How a link is found to be, from outside of what stands at its ends. */
export interface LinkState {
  /** Whether nothing at one end can reach anything at the other, though all of them run. */
  isCut: boolean;
  /** What the place names the link: a network. */
  network: string;
  /** The instances that are taken from it. */
  taken: string[];
  /** Other ways by which the ends still reach each other: networks that they share. */
  shared: string[];
  /** Whether every instance at both ends runs: ends that do not run are cut by nothing. */
  endsRun: boolean;
}

/** The connections between the parts of a stack. */
export interface Links {
  /** Cuts it between all that stand at its ends; returns when that was done, in Unix milliseconds. */
  cut(link: LinkName): Promise<number>;
  /** Puts back what `cut` has taken; returns when that was begun, in Unix milliseconds. */
  heal(link: LinkName): Promise<number>;
  state(link: LinkName): Promise<LinkState>;
}
