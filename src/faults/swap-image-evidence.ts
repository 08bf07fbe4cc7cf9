import { z } from "zod";
import { isReference } from "../pipeline/image-overrides.ts";
import { describeNotReady, notReadySchema } from "./await-ready.ts";
import { secondsOf } from "./evidence.ts";

const shortIdLength = 12;

const imageSchema = z.object({ reference: z.string(), id: z.string() });

/** Why a container with the other image did not run: it did not become ready, or the place could not replace the container. */
const failureSchema = z.discriminatedUnion("code", [
  ...notReadySchema.options,
  z.object({ code: z.literal("unavailable"), message: z.string() }),
  /** A sentence in a document of an earlier version. */
  z.object({ code: z.literal("told"), text: z.string() }),
]);

export type SwapFailure = z.infer<typeof failureSchema>;

const images = { instance: z.string(), from: imageSchema, to: imageSchema };

/** `version`: the version that its metrics report. `replay`: what it replayed from its write-ahead log, null if that is not known. */
const replaced = {
  ...images,
  version: z.string().optional(),
  awayMs: z.number(),
  linesMeanwhile: z.int(),
  replay: z.object({ entries: z.number(), corruptions: z.number() }).nullable().optional(),
};

/** The evidence of a replacement by another image. */
export const swapEvidence = z.preprocess(
  withFailure,
  z.discriminatedUnion("code", [
    z.object({ code: z.literal("replaced"), ...replaced }),
    /** It became ready, and ended later. */
    z.object({
      code: z.literal("replaced-and-ended"),
      ...images,
      exitCode: z.int(),
      lastWords: z.string(),
    }),
    z.object({ code: z.literal("did-not-come-up"), ...images, failure: failureSchema }),
    /** It ended by itself, which is a reason against the upgrade. */
    z.object({ code: z.literal("refused-data"), ...images, failure: failureSchema }),
    z.object({ code: z.literal("nothing-put-back") }),
  ]),
);

export type SwapEvidence = z.infer<typeof swapEvidence>;

/** Documents of earlier versions contain a sentence in place of the failure. */
function withFailure(evidence: unknown): unknown {
  const { message, hasEnded: _, ...rest } = evidence as { message?: unknown; hasEnded?: unknown };
  return typeof message === "string" ? { ...rest, failure: { code: "told", text: message } } : evidence;
}

export function describeSwap(found: SwapEvidence): string {
  switch (found.code) {
    case "replaced":
      return describeReplaced(found);
    case "replaced-and-ended":
      return `${found.instance}: ${words(found.from)} became ${words(found.to)}, and then ended by itself with exit code ${found.exitCode}, its last lines were: ${found.lastWords}`;
    case "did-not-come-up":
      return `${found.instance}: ${words(found.to)} did not come up in the place of ${words(found.from)}: ${describeFailure(found.failure)}`;
    case "refused-data":
      return `${found.instance}: ${words(found.to)} does not run on the data of ${words(found.from)}: ${describeFailure(found.failure)}`;
    case "nothing-put-back":
      return "nothing was put back";
  }
}

function describeFailure(failure: SwapFailure): string {
  if (failure.code === "told") return failure.text;
  return failure.code === "unavailable" ? failure.message : describeNotReady(failure);
}

function describeReplaced(found: Extract<SwapEvidence, { code: "replaced" }>): string {
  const { instance, from, to, version, awayMs, linesMeanwhile, replay } = found;
  const says = version === undefined ? [] : [`it says that it is ${version}`];
  return [
    `${instance}: ${words(from)} became ${words(to)}`,
    ...says,
    `away for ${secondsOf(awayMs)} s in which ${linesMeanwhile} lines were written`,
    ...describeReplay(replay),
  ].join(", ");
}

function describeReplay(replay: { entries: number; corruptions: number } | null | undefined): string[] {
  if (replay === undefined) return [];
  return replay === null
    ? ["what it recovered from its WAL is not known, since /metrics does not answer"]
    : [`${replay.entries} entries recovered from its WAL, ${replay.corruptions} corruptions`];
}

/** The name of an image in a sentence: `version 3.7.6`, or a complete reference. */
export function imageNamed(image: string): string {
  return isReference(image) ? image : `version ${image}`;
}

function words({ reference, id }: z.infer<typeof imageSchema>): string {
  return `${reference} (${shortIdOf(id)})`;
}

/** The short form of an image's id. */
export function shortIdOf(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, shortIdLength);
}
