import type { ImageOptions } from "./images/image-options.ts";
import type { InstanceState } from "./instance.ts";
import type { StackImage } from "./stack-image.ts";

/** What `Place.startApps` needs. */
export interface AppsOptions extends ImageOptions {
  runId: string;
  /** The folder that each application writes its log file into. */
  logsFolder: string;
  /** The environment of each application, by its name. */
  environments: ReadonlyMap<string, Record<string, string>>;
}

/** Applications that write log files. They stand beside a pipeline: they share a folder with it, and no network. */
export interface Apps {
  readonly instances: string[];
  readonly images: StackImage[];
  state(name: string): Promise<InstanceState>;
  /** The last lines that an application wrote to stdout and stderr. */
  logs(name: string, tailLines: number): Promise<string>;
  /** SIGKILL; resolves when the process has gone. */
  kill(name: string): Promise<void>;
  /** Starts an application again that has ended. */
  start(name: string): Promise<void>;
  /** Resolves with the last words of an application when it has ended. */
  ended(name: string, signal: AbortSignal): Promise<string>;
  /**
   * Waits until an application answers that it is ready.
   *
   * @throws UnavailableError with its last words if it ends, or is not ready in time
   */
  ready(name: string, signal: AbortSignal): Promise<void>;
  /**
   * Tells an application something.
   *
   * @throws UnavailableError if it does not do it
   */
  tell(name: string, command: "start" | "stop" | "rotate"): Promise<void>;
}
