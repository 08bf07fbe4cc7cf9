import { z } from "zod";
import { servicesOf } from "../pipeline/pipeline.ts";
import { Down, describeDown, downEvidence } from "./down.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader, missingTarget, partsEndedWith, partsLostWith } from "./targets.ts";

const schema = z.strictObject({ kind: z.literal("stop"), target: z.string() });

export const stop = {
  summary: "SIGTERM, and SIGKILL after the engine's 10 s; started again when it heals.",
  schema,
  evidence: downEvidence,
  lasts: () => true,
  waitsForEnd: true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, servicesOf(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, servicesOf(pipeline, target), "term"),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, servicesOf(pipeline, target)),
  unsupportedReason: ({ target }, pipeline) => missingTarget(pipeline, target),
  simpler: () => [],
  expected: ({ target }, pipeline) => Down.expected(servicesOf(pipeline, target), "stop"),
  create({ target }, context) {
    const services = servicesOf(context.stack.pipeline, target);
    const instances = context.stack.instances(services);
    return onEveryInstance(context, services, new Down(context, instances, "stop"));
  },
  clause: ({ name, times, held }) => `${name} was stopped${times}${held}`,
  describe: describeDown,
} satisfies FaultKind<typeof schema, z.infer<typeof downEvidence>>;
