import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { type TempDir, tempDir } from "../../../base/temp-dir.ts";
import { EngineView } from "./engine-view.ts";
import type { Shown } from "./shown-answers.ts";

/** A path to a socket is cut by the kernel after 107 bytes. */
const longestSocketPath = 107;

interface Open {
  view: EngineView;
  folder: TempDir | undefined;
}

/** The stand-ins for the engine in the stacks that this process has started: at most one for each run. */
export class EngineViews {
  readonly #docker: Docker;
  readonly #shown = new Map<string, Shown[]>();
  readonly #open = new Map<string, Open>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Lets the stand-in of a run, which is opened afterwards, show these containers. */
  show(runId: string, shown: readonly Shown[]): void {
    this.#shown.set(runId, [...(this.#shown.get(runId) ?? []), ...shown]);
  }

  /**
   * Opens the stand-in of a run.
   *
   * @param folder in which its socket is, if the path is not too long for one
   * @returns the path of the socket
   */
  async open(runId: string, folder: string): Promise<string> {
    const near = join(folder, "engine.sock");
    const isShort = Buffer.byteLength(near) <= longestSocketPath;
    const elsewhere = isShort ? undefined : await tempDir("everyline-engine-");
    if (isShort) await mkdir(folder, { recursive: true });
    const path = elsewhere === undefined ? near : join(elsewhere.path, "engine.sock");
    const view = await EngineView.open(this.#docker, this.#shown.get(runId) ?? [], path);
    this.#open.set(runId, { view, folder: elsewhere });
    return path;
  }

  /** Closes the stand-in of a run, if there is one. */
  async close(runId: string): Promise<void> {
    const open = this.#open.get(runId);
    this.#open.delete(runId);
    this.#shown.delete(runId);
    await open?.view.close();
    await open?.folder?.[Symbol.asyncDispose]();
  }
}
