import type { Crash } from "../load/load-plan.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll } from "./fault.ts";

/**
 * SIGKILL of the applications that write the lines, all together, in the middle of a line. They are started again at once, and go on
 * by themselves. A fault that takes no time: while it held no line could be written, so that nothing can be asked of such lines.
 */
export class CrashApp implements Fault {
  readonly #world: FaultContext;
  #crashes: Crash[] = [];
  #atMs = 0;

  constructor(world: FaultContext) {
    this.#world = world;
  }

  /** What is asked of it before it counts, in words. */
  static readonly expected =
    "every application that writes: the process ends with exit code 137 (SIGKILL), and a line in one of their files is torn";

  async inject(): Promise<number> {
    this.#crashes = await this.#world.writer.crash();
    this.#atMs = Math.max(...this.#crashes.map(({ endedAtMs }) => endedAtMs));
    return this.#atMs;
  }

  /** A crash that tore no line is one between two lines: what was to be shown was not put to the test. */
  async prove(): Promise<Proof> {
    const { effective, evidence } = proofOfAll(this.#crashes.map(proofOf));
    const isTorn = this.#crashes.some(({ end }) => end.bytes > 0 && end.bytes < end.lineBytes);
    return { effective: effective && isTorn, evidence: isTorn ? evidence : `${evidence}; no line was torn` };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }
}

function proofOf({ source, pid, exitCode, endedAtMs, startedAtMs, end }: Crash): Proof {
  const wasKilled = exitCode === 137;
  const downSeconds = ((startedAtMs - endedAtMs) / 1_000).toFixed(2);
  const rest =
    end.bytes > 0
      ? `${end.bytes} of ${end.lineBytes} bytes of line ${end.sequence}`
      : `a whole line before line ${end.sequence}`;
  return {
    effective: pid > 0 && wasKilled,
    evidence:
      `${source}: pid ${pid} ended with exit code ${exitCode}${wasKilled ? " (SIGKILL)" : ""}, ` +
      `down for ${downSeconds} s, ${source}.log ended with ${rest}`,
  };
}
