import type { Redactor } from "../base/redact.ts";
import type { LinkName, PartImage, Pipeline } from "../pipeline/pipeline.ts";
import type { ShownContainer } from "../pipeline/shown-load.ts";
import type { ImageOptions } from "./images/image-options.ts";
import type { ImageStore } from "./images/image-store.ts";
import type { Instance } from "./instance.ts";
import type { MountDifference } from "./mount-difference.ts";
import type { MountNote } from "./mount-note.ts";
import type { StackChange } from "./stack-change.ts";
import type { ResolvedImage, StackImage } from "./stack-image.ts";

/** The machine and the engine that a pipeline runs on, for reports. */
export interface PlaceDescription {
  /** The engine's version, such as `28.2.2`. */
  engine: string;
  /** The version of its API, such as `1.50`. */
  api: string;
  kernel: string;
  cpus: number;
  memoryBytes: number;
}

/** What `Place.start` needs in addition to the pipeline. */
export interface StartOptions extends ImageOptions {
  runId: string;
  /** The folder with the copy of the pipeline's files that `Place.prepare` made; fixtures are started from it. */
  folder: string;
  /**
   * The folder with the files that the shipper reads. It is on this machine; if containers write the lines to stdout, it is on the machine
   * of the place.
   */
  logsFolder: string;
  /** Only if containers write the lines to stdout: the names of their subfolders. */
  logContainers?: readonly string[] | undefined;
  /** The folder for copies of the user's files that an instance may write into. */
  copiesFolder?: string | undefined;
  /** Variables of the pipeline's files, in addition to those that the place sets. */
  variables?: Record<string, string>;
  /** Whether what watches the pipeline for alerts is started as well. */
  isMonitored?: boolean;
}

/** A program that a run starts beside the pipeline. It shares folders with this machine, but no network with the pipeline. */
export interface HelperSpec {
  name: string;
  image: { name: string; version: string };
  environment: Record<string, string>;
  /** The arguments of the program, instead of those of its image. */
  command?: string[];
  /** Folders of this machine, by their paths in the program's container. The program writes there as the user who runs Everyline. */
  folders: Record<string, string>;
  /** The port of its server. */
  port: number;
  memoryBytes: number;
  /** Stores its stdout in a file that a shipper can read (`Instance.stdoutFile`); the place's default if absent. */
  stdout?: StdoutFiles | undefined;
}

/** How a place stores the stdout of a program. */
export interface StdoutFiles {
  /** As what it appears to the shipper of a custom pipeline, and is stored. */
  shownAs?: ShownContainer | undefined;
  /** The size at which a file is rotated, and the number of files that are kept; if absent, there is one file of unlimited size. */
  rotation?: { bytes: number; files: number } | undefined;
}

/** A program that runs without a network until it ends by itself. */
export interface ProgramSpec {
  name: string;
  image: PartImage;
  command: string[];
  /** Files and folders of this machine that the program may read, and their paths in its container. */
  files: { source: string; target: string }[];
  timeoutMs: number;
}

/** How a program ended. */
export interface ProgramEnd {
  /** The exit code; undefined if the program did not end in time. */
  exitCode: number | undefined;
  /** The last lines of its output, without empty ones. */
  lines: string[];
}

/** A running stack that a run attaches to. */
export interface FoundStack {
  /** The pipeline, completed with what only a running stack shows: how many instances each service has. */
  pipeline: Pipeline;
  /** The folder of this machine from which the shipper reads its log files. */
  logsFolder: string;
}

/** How many objects of each kind were removed, by the plural of their kind, such as `containers`. */
export type Removed = Record<string, number>;

/**
 * Where pipelines run and are broken. Everything that a run starts there is marked with the run's id, so that any process can find and
 * remove it.
 *
 * Optional methods are capabilities that not every place has. Callers must check for them, and refuse or leave out what needs a missing
 * one.
 */
export interface Place {
  describe(): Promise<PlaceDescription>;
  /** Copies the files that describe a pipeline into the folder of a run, without secrets. */
  prepare(pipeline: Pipeline, folder: string, redactor: Redactor): Promise<void>;
  /**
   * Inspects the running stack that a pipeline names, so that `start` can attach to it.
   *
   * @throws UsageError if a service that no part of the pipeline names does the work of a part
   * @throws UnavailableError if the stack does not run, or its log files are not accessible from this machine
   */
  find?(pipeline: Pipeline): Promise<FoundStack>;
  /**
   * Starts a pipeline, or attaches to the one that `find` found; does not wait until it is ready. Everything that was started stays until
   * `remove`, also when this throws.
   *
   * @throws UnavailableError if an image is not available or something does not start, with its message
   */
  start(pipeline: Pipeline, options: StartOptions): Promise<Stack>;
  /**
   * Starts programs beside the pipeline, each under its name; does not wait until they are ready. Everything that was started stays until
   * `remove`, also when this throws.
   *
   * @throws UnavailableError if an image is not available or a program does not start
   */
  startHelpers?(runId: string, helpers: readonly HelperSpec[], options: ImageOptions): Promise<Instance[]>;
  /**
   * Runs a program until it ends, and removes it.
   *
   * @throws UnavailableError if its image is not available
   */
  runProgram?(runId: string, program: ProgramSpec, options: ImageOptions): Promise<ProgramEnd>;
  readonly images?: ImageStore;
  /** The ids of all runs of which something still exists, running or not. */
  leftovers(): Promise<string[]>;
  /** Removes everything that a run of this process has started. May be called at any time and more than once. */
  remove(runId: string): Promise<Removed>;
  /** Ends what this process does for the instances of a run that are to be kept, so that it can end itself. */
  leave?(runId: string): Promise<void>;
  /** Removes everything of a run whose process was killed, including programs of that process that still work. */
  removeAbandoned(runId: string): Promise<Removed>;
}

/** The result of comparing the files of a run's stack with the user's files. */
export interface MountProof {
  /** The differences that make it another stack. */
  differences: MountDifference[];
  /** Files that an instance has written to since it started and that are not configuration: `SERVICE PATH`. */
  written: string[];
  /** How many files were not compared, because they could not be read or are too many. */
  unchecked: number;
}

/** What watches a stack for alerts. */
export interface MonitoringInstances {
  prometheus: Instance;
  alertmanager?: Instance | undefined;
  /** To which Alertmanager delivers; undefined if it is not known what that delivers. */
  receiver?: Instance | undefined;
  /** These, and what shows Prometheus more of the parts. No line depends on them. */
  all: readonly Instance[];
  /** Changes the configuration file of Prometheus, which does not notice it; absent if the file is not Everyline's. */
  changeConfig?: (change: (text: string) => string) => Promise<void>;
}

/** A pipeline that runs. */
export interface Stack {
  readonly pipeline: Pipeline;
  /** All services of the pipeline: first those that a line passes, in that order, then the others. */
  readonly services: readonly string[];
  /** The images of each service, including those that `Instance.replace` has set. */
  readonly images: readonly StackImage[];
  /** What the run has otherwise than the user's files say, on purpose. */
  readonly notes: readonly MountNote[];
  readonly links: Links;
  /** What runs beside the pipeline because the pipeline needs it, such as an object store. No fault acts on it. */
  readonly companions?: readonly Instance[];
  /** What watches it for alerts; absent if nothing does. */
  readonly monitoring?: MonitoringInstances | undefined;

  /**
   * The instances of the given services, in the order of `services`, those of what watches the stack last; all but the latter if none are
   * given.
   */
  instances(services?: readonly string[]): Instance[];
  /** @throws RangeError if there is none of that name */
  instance(name: string): Instance;
  /**
   * Makes sure that the place has an image for `Instance.replace`, given by its reference or by a part's description.
   *
   * @throws UnavailableError saying why the image is not available
   */
  resolveImage?(image: string | PartImage, options: ImageOptions): Promise<ResolvedImage>;
  /** Sends SIGKILL to all of them at the same moment, as in a power failure. */
  killAtOnce?(instances: readonly Instance[]): Promise<void>;
  /** How the instances of some services differ from those when the stack was started or attached to. */
  changes(services: readonly string[]): Promise<StackChange[]>;
  /** Compares the files in the instances with the user's files. Only for a stack that was started from the user's own files. */
  proveMounts?(): Promise<MountProof>;
  /** The values in the instances' environments whose names say that they are secret. */
  secrets(): Promise<string[]>;
}

/** The state of a link, as seen from outside of the instances at its ends. */
export interface LinkState {
  /** Whether no instance at one end can reach any instance at the other end although all of them run. */
  isCut: boolean;
  /** The place's name for the link, which is that of a network. */
  network: string;
  /** The instances that are disconnected from it. */
  taken: string[];
  /** The networks that both ends share, through which they can still reach each other. */
  shared: string[];
  /** Whether every instance at both ends runs. If an end does not run, the link does not count as cut. */
  endsRun: boolean;
}

/** The connections between the parts of a stack. */
export interface Links {
  /** Cuts the link between all instances at its ends. Returns the time at which it was cut, in Unix milliseconds. */
  cut(link: LinkName): Promise<number>;
  /** Reconnects what `cut` has disconnected. Returns the time at which this began, in Unix milliseconds. */
  heal(link: LinkName): Promise<number>;
  state(link: LinkName): Promise<LinkState>;
}
