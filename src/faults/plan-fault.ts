import { UsageError } from "../base/errors.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Fault, FaultContext } from "./fault.ts";
import { type FaultSpec, kindOf } from "./registry.ts";

/** A fault on a pipeline that need not run yet. */
export interface PlannedFault {
  /** What evidence is asked of it, without which the verdict is `unknown`; for a report. */
  expected: string;
  create(context: FaultContext): Fault;
}

/**
 * Makes sure that a fault can be brought about on a pipeline.
 *
 * @throws UsageError saying why it cannot, with what the pipeline has instead
 */
export function planFault(spec: FaultSpec, pipeline: Pipeline): PlannedFault {
  const kind = kindOf(spec);
  const reason = kind.unsupportedReason(spec, pipeline);
  if (reason !== undefined) {
    // Says which targets there are, where it is the target that is missing.
    kind.touches(spec, pipeline);
    throw new UsageError(
      `the fault ${spec.kind} ${spec.target} ${reason}; it cannot be brought about on ${pipeline.name}.`,
    );
  }
  return {
    expected: kind.expected(spec, pipeline),
    create: (context) => kind.create(spec, context),
  };
}
