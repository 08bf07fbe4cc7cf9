import { ReadError } from "../base/read-error.ts";
import type { ProofFailure } from "../judge/proof-failure.ts";
import type { Remark } from "../judge/reasons.ts";
import type { Stack } from "../places/place.ts";
import type { SharedStream, Sink } from "../sinks/sink.ts";
import type { Journal } from "../store/journal.ts";

/** In a message: more of them are no help. */
const maxNamed = 3;
const maxSampleLength = 200;

/**
 * Looks, once every sentinel has come, whether the selector matches more than the run's own lines. Streams of others are named and left
 * out of everything that follows; lines of others in a stream of the run's own cannot be told from damage.
 *
 * @returns why the run cannot go on; undefined if it can
 */
export async function checkSelector(sink: Sink, journal: Journal): Promise<ProofFailure | undefined> {
  journal.add("clock", { skewSeconds: sink.skewMs / 1_000 });
  try {
    const { beside, shared } = (await sink.findForeign()) ?? { beside: [], shared: undefined };
    if (beside.length > 0)
      journal.add("foreign", { streams: beside.length, text: describeBeside(sink, beside) });
    return shared && { code: "lines-of-others", selector: sink.selector, ...cut(shared) };
  } catch (thrown) {
    // Whatever cannot be read now is read, or told, when the run is over.
    if (!(thrown instanceof ReadError)) throw thrown;
    journal.add("foreign", { failure: thrown.problem });
    return undefined;
  }
}

/** What the times of lines have to do with a verdict that is not `holds`. */
export function clockRemarks({ skewMs }: Sink): Remark[] {
  return skewMs === 0 ? [] : [{ code: "clock-skew", skewMs }];
}

/** When the last of the sink's containers started, in Unix milliseconds: what was readable before, it may have lost; 0 if none is known. */
export async function sinkStartedAtMs(stack: Stack): Promise<number> {
  const instances = stack.instances(Object.keys(stack.pipeline.sink.services));
  const states = await Promise.all(instances.map((instance) => instance.findState()));
  // One that is gone took what it had with it, whenever that was.
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
