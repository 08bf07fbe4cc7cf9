import type { Trial } from "../../src/throughput/throughput-document.ts";

/** A trial of 10 s on a pipeline that took every line, unless told otherwise. */
export function trialOf(differs: Partial<Trial> & { load: number }): Trial {
  const { load, durationSeconds = 10 } = differs;
  const intendedLines = load * durationSeconds;
  return {
    number: 1,
    durationSeconds,
    effectiveDurationSeconds: durationSeconds,
    tookSeconds: durationSeconds + 5,
    intendedLines,
    forwardedLines: intendedLines,
    delivered: intendedLines,
    ...{ lost: 0, duplicated: 0, damaged: 0, writtenLate: 0, late: 0 },
    lagSeconds: 0,
    isBacklogLeft: false,
    refused: {},
    processors: {
      ofMachine: 2,
      busy: 0.5,
      diskWait: 0.02,
      harness: 0.2,
      instances: { sink: 0.4, shipper: 0.6 },
    },
    ...differs,
  };
}

/** A trial that lost a tenth of its lines. */
export function lossyTrialOf(differs: Partial<Trial> & { load: number }): Trial {
  const whole = trialOf(differs);
  const lost = whole.intendedLines / 10;
  const left = whole.intendedLines - lost;
  return { ...whole, lost, delivered: left, forwardedLines: left, lagSeconds: null, ...differs };
}
