import { z } from "zod";
import { sourceNames } from "../load/load-plan.ts";
import { boundsSchema } from "./claim.ts";

/** When something happens: when so many lines are written, and so many seconds after the first at the load's rate. */
const momentSchema = z.object({ line: z.int().min(0), seconds: z.number().min(0) });

/** What `everyline run --dry-run` tells of a run that it does not carry out. */
export const planDocumentSchema = z.object({
  schema: z.literal("everyline/plan@1"),
  /** `NAME`, or `NAME/CASE`. */
  scenario: z.string(),
  /** What happens, in one sentence. */
  summary: z.string(),
  pipeline: z.string(),
  layout: z.string(),
  claim: z.object({ id: z.string(), text: z.string(), bounds: boundsSchema }),
  repeats: z.int().min(1),
  /** Null for a new one each run. */
  seed: z.string().nullable(),
  load: z.object({
    lines: z.int().min(1),
    linesPerSecond: z.number().positive(),
    /** How long it takes at that rate. */
    seconds: z.number().min(0),
    /** How many files they are dealt over. */
    sources: z.int().min(1),
    by: z.enum(sourceNames),
  }),
  /** What the shipper's retry periods are multiplied by. */
  timeScale: z.number().positive(),
  /** A long outage that is held for a short time only, and how. */
  timeLapse: z.object({ outageSeconds: z.number().positive(), how: z.string() }).nullable(),
  /** Variables of the Compose file that the scenario sets otherwise than the pipeline says. */
  variables: z.record(z.string(), z.string()),
  /** `references`: the first that the engine has or can be given; none where the user's own Compose file names the image. */
  images: z.array(z.object({ services: z.array(z.string()), references: z.array(z.string()) })),
  faults: z.array(
    z.object({
      kind: z.string(),
      target: z.string(),
      injected: momentSchema,
      /** Null for one that ends by itself. */
      healed: momentSchema.nullable(),
      /** What is counted before it heals. */
      audit: z.string().nullable(),
      /** What evidence is asked of it, without which the verdict is `unknown`. */
      expected: z.string(),
    }),
  ),
  /** What else is asked, whatever the faults are, without which the verdict is `unknown`. */
  expected: z.array(z.string()),
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;
