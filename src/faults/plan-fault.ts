import { UsageError } from "../base/errors.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Fault, FaultContext } from "./fault.ts";
import { type FaultSpec, kindOf } from "./registry.ts";

/** A fault on a pipeline that need not be running yet. */
export interface PlannedFault {
  /** The required evidence, without which the verdict is `unknown`, in words for a plan. */
  expected: string;
  create(context: FaultContext): Fault;
}

/**
 * Makes sure that a fault is possible on a pipeline.
 *
 * @throws UsageError with the reason if it is not, and with the targets that the pipeline has
 */
export function planFault(spec: FaultSpec, pipeline: Pipeline): PlannedFault {
  const kind = kindOf(spec);
  const reason = kind.unsupportedReason(spec, pipeline);
  if (reason !== undefined) {
    // Throws an error with the existing targets if the target does not exist.
    kind.touches(spec, pipeline);
    throw new UsageError(
      `the fault ${spec.kind} ${spec.target} ${reason}; it is not possible on ${pipeline.name}.`,
    );
  }
  return {
    expected: kind.expected(spec, pipeline),
    create: (context) => kind.create(spec, context),
  };
}
