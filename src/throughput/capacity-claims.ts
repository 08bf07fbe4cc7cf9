/** What the reference architecture says a pipeline takes. */
export interface CapacityClaim {
  pipeline: string;
  /** Without loss, and without falling behind. */
  linesPerSecond: number;
  text: string;
  source: string;
  /** A line is readable in less than this after it was to be written, in milliseconds; absent if nothing is claimed. */
  latencyBelowMs?: number | undefined;
}

const latencyBelowMs = 1_000;
const perSecond = { optionOne: 50_000, optionTwo: 500_000 };

/** Every claim of the reference architecture about throughput. The hardened pipelines are to keep them as well. */
export const capacityClaims: readonly CapacityClaim[] = [
  ...["direct", "direct-hardened"].map((pipeline) => ({
    pipeline,
    linesPerSecond: perSecond.optionOne,
    text: "Option 1 takes about 50,000 logs per second.",
    source: "comparison of the options",
    latencyBelowMs,
  })),
  ...["kafka", "kafka-hardened"].map((pipeline) => ({
    pipeline,
    linesPerSecond: perSecond.optionTwo,
    text: "Option 2 takes about 500,000 logs per second.",
    source: "comparison of the options",
    latencyBelowMs,
  })),
];
