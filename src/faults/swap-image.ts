import { z } from "zod";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { FaultKind } from "./kind.ts";
import { irreplaceable } from "./part-image.ts";
import { RollingSwap } from "./rolling-swap.ts";
import { describeSwap, imageNamed, type SwapEvidence, swapEvidence } from "./swap-image-evidence.ts";
import { partsEndedWith } from "./targets.ts";

const schema = z.strictObject({
  kind: z.literal("swap-image"),
  target: z.string(),
  /** A version of the part's image, or a whole reference. */
  image: z.string().min(1),
  /** Ended with SIGKILL instead of SIGTERM. */
  isKilled: z.boolean().optional(),
});

export const swapImage = {
  summary:
    "Each container in turn is ended and replaced by one that runs another image, ready before the next; the same back when it heals.",
  schema,
  evidence: swapEvidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  /** What is replaced is away for a part of the time only. */
  breaks: () => [],
  ends: ({ target, isKilled }, pipeline) =>
    partsEndedWith(pipeline, servicesOf(pipeline, target), isKilled ? "kill" : "term"),
  unsupportedReason: (spec, pipeline) => irreplaceable(spec, pipeline),
  simpler: ({ isKilled, ...rest }) => (isKilled ? [{ ...rest, isKilled: false }] : []),
  expected({ target, image, isKilled }, pipeline) {
    const signal = isKilled ? "SIGKILL" : "SIGTERM";
    return (
      `${servicesOf(pipeline, target).join(", ")}, one after the other: ended with ${signal}, and another container with the id of the image ${image} is ready ` +
      "before the next is ended, still runs when it heals, and the same back; lines are written meanwhile"
    );
  },
  create: (spec, context) => new RollingSwap(context, spec),
  clause({ name, times, parameters: { image } }) {
    const by = typeof image === "string" ? imageNamed(image) : "another version";
    return `${name} was replaced${times} by ${by}, and back`;
  },
  describe: describeSwap,
} satisfies FaultKind<typeof schema, SwapEvidence>;
