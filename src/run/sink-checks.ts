import { ReadError } from "../base/read-error.ts";
import type { ProofFailure } from "../judge/proof-failure.ts";
import type { Remark } from "../judge/reasons.ts";
import type { Stack } from "../places/place.ts";
import type { SharedStream, Sink } from "../sinks/sink.ts";
import type { Journal } from "../store/journal.ts";

/** The maximum number of streams that a message names. */
const maxNamed = 3;
const maxSampleLength = 200;

/**
 * After every sentinel has arrived, checks whether the selector matches lines of other programs. Streams that contain only such lines are
 * reported and ignored from then on. Such lines in a stream of the run itself cannot be distinguished from damaged lines.
 *
 * @returns why the run cannot continue; undefined if it can
 */
export async function checkSelector(sink: Sink, journal: Journal): Promise<ProofFailure | undefined> {
  journal.add("clock", { skewSeconds: sink.skewMs / 1_000 });
  try {
    const { beside, shared } = (await sink.findForeign()) ?? { beside: [], shared: undefined };
    if (beside.length > 0)
      journal.add("foreign", { streams: beside.length, text: describeBeside(sink, beside) });
    return shared && { code: "lines-of-others", selector: sink.selector, ...cut(shared) };
  } catch (thrown) {
    // The final read repeats this, and a failure there is reported.
    if (!(thrown instanceof ReadError)) throw thrown;
    journal.add("foreign", { failure: thrown.problem });
    return undefined;
  }
}

/** A remark if the times of the lines differ from this machine's clock. */
export function clockRemarks({ skewMs }: Sink): Remark[] {
  return skewMs === 0 ? [] : [{ code: "clock-skew", skewMs }];
}

/** When the last of the sink's containers started, in Unix milliseconds; 0 if none is known. Lines that were readable before may be lost. */
export async function sinkStartedAtMs(stack: Stack): Promise<number> {
  const instances = stack.instances(Object.keys(stack.pipeline.sink.services));
  const states = await Promise.all(instances.map((instance) => instance.findState()));
  // A container that is gone may have lost any line, so its start counts as infinitely late.
  return Math.max(0, ...states.map((state) => state?.startedAtMs ?? Number.POSITIVE_INFINITY));
}

function describeBeside({ selectorKey, selector }: Sink, beside: string[]): string {
  const others = beside.length === 1 ? "one stream" : `${beside.length} streams`;
  return (
    `The selector ${selector} matches ${others} of others, which are left out: ${beside.slice(0, maxNamed).join(", ")}` +
    `${beside.length > maxNamed ? ", …" : ""}. A narrower ${selectorKey} would not match them.`
  );
}

function cut({ sample, ...shared }: SharedStream): SharedStream {
  return { ...shared, sample: sample.slice(0, maxSampleLength) };
}
