import { z } from "zod";
import type { Crash } from "../load/load-plan.ts";
import { sigkilled } from "./down.ts";
import { secondsOf } from "./evidence.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

/** The evidence of applications that were killed. */
export const killAppEvidence = z.discriminatedUnion("code", [
  /** The file ends with `bytes` of the `lineBytes` bytes of line `sequence`; 0 if it ends with a complete line. */
  z.object({
    code: z.literal("crashed"),
    source: z.string(),
    pid: z.int(),
    exitCode: z.int(),
    downMs: z.number(),
    sequence: z.int(),
    bytes: z.int(),
    lineBytes: z.int(),
  }),
  z.object({ code: z.literal("no-line-torn") }),
]);

type KillAppEvidence = z.infer<typeof killAppEvidence>;

export function describeKillApp(evidence: KillAppEvidence): string {
  if (evidence.code === "no-line-torn") return "no line was torn";
  const { source, pid, exitCode, downMs, sequence, bytes, lineBytes } = evidence;
  const rest =
    bytes > 0 ? `${bytes} of ${lineBytes} bytes of line ${sequence}` : `a whole line before line ${sequence}`;
  return (
    `${source}: pid ${pid} ended with exit code ${exitCode}${exitCode === sigkilled ? " (SIGKILL)" : ""}, ` +
    `down for ${secondsOf(downMs)} s, ${source}.log ended with ${rest}`
  );
}

/**
 * SIGKILL of all applications that write the lines, in the middle of a line. They are started again at once, and continue by themselves. This
 * fault takes no time: no line can be written while they are down, so no lines have to be written while it holds.
 */
export class KillApp implements Fault<KillAppEvidence> {
  readonly #context: FaultContext;
  #crashes: Crash[] = [];
  #atMs = 0;

  constructor(context: FaultContext) {
    this.#context = context;
  }

  /** The evidence that is required for the fault to count, in words. */
  static readonly expected =
    "every application that writes: the process ends with exit code 137 (SIGKILL), and a line in one of their files is torn";

  async inject(): Promise<number> {
    this.#crashes = await this.#context.writer.crash();
    this.#atMs = Math.max(...this.#crashes.map(({ endedAtMs }) => endedAtMs));
    return this.#atMs;
  }

  /**
   * At least one application must have left a partial line. Otherwise all of them crashed between two lines, which is not what is to be tested.
   */
  async prove(): Promise<Proof<KillAppEvidence>> {
    const isTorn = this.#crashes.some(({ end }) => end.bytes > 0 && end.bytes < end.lineBytes);
    const wereKilled = this.#crashes.every(({ pid, exitCode }) => pid > 0 && exitCode === sigkilled);
    const evidence: KillAppEvidence[] = this.#crashes.map(
      ({ source, pid, exitCode, startedAtMs, endedAtMs, end: { sequence, bytes, lineBytes } }) => {
        const process = { source, pid, exitCode, downMs: startedAtMs - endedAtMs };
        return { code: "crashed", ...process, sequence, bytes, lineBytes };
      },
    );
    return {
      effective: wereKilled && isTorn,
      evidence: isTorn ? evidence : [...evidence, { code: "no-line-torn" }],
    };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }
}
