/** The share of lines that the reference architecture says a pipeline delivers. */
export interface ReliabilityClaim {
  pipeline: string;
  /** The lowest share that the claim allows, from 0 to 1. */
  share: number;
  text: string;
  source: string;
}

const source =
  "comparison of the options; the document does not say of what, so of the lines that were written is assumed";

/** Every claim of the reference architecture about reliability. The hardened pipelines are to keep them as well. */
export const reliabilityClaims: readonly ReliabilityClaim[] = [
  ...["direct", "direct-hardened"].map((pipeline) => ({
    pipeline,
    share: 0.999,
    text: "Option 1 is 99.9 % reliable.",
    source,
  })),
  ...["kafka", "kafka-hardened"].map((pipeline) => ({
    pipeline,
    share: 0.9999,
    text: "Option 2 is 99.99 to 99.999 % reliable, of which the lower is judged.",
    source,
  })),
];
