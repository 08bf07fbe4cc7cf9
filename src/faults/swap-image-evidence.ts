import { z } from "zod";
import { isReference } from "../pipeline/image-overrides.ts";
import { describeNotReady, notReadySchema } from "./await-ready.ts";
import { secondsOf } from "./evidence.ts";

const shortIdLength = 12;

const imageSchema = z.object({ reference: z.string(), id: z.string() });

/** Why a container with the other image did not come up: it was not ready, or the place could not replace the container at all. */
const failureSchema = z.discriminatedUnion("code", [
  ...notReadySchema.options,
  z.object({ code: z.literal("unavailable"), message: z.string() }),
  /** A sentence of a run that was stored before this was data. */
  z.object({ code: z.literal("told"), text: z.string() }),
]);

export type SwapFailure = z.infer<typeof failureSchema>;

const images = { instance: z.string(), from: imageSchema, to: imageSchema };

/** `version`: what it says its version is. `replay`: what it read of its write-ahead log, null if it does not say. */
const replaced = {
  ...images,
  version: z.string().optional(),
  awayMs: z.number(),
  linesMeanwhile: z.int(),
  replay: z.object({ entries: z.number(), corruptions: z.number() }).nullable().optional(),
};

/** What may be found of a replacement by another image. */
export const swapEvidence = z.preprocess(
  withFailure,
  z.discriminatedUnion("code", [
    z.object({ code: z.literal("replaced"), ...replaced }),
    /** It came up, and ended later. */
    z.object({
      code: z.literal("replaced-and-ended"),
      ...images,
      exitCode: z.int(),
      lastWords: z.string(),
    }),
    z.object({ code: z.literal("did-not-come-up"), ...images, failure: failureSchema }),
    /** One that ended by itself, told as what speaks against the other image. */
    z.object({ code: z.literal("refused-data"), ...images, failure: failureSchema }),
    z.object({ code: z.literal("nothing-put-back") }),
  ]),
);

export type SwapEvidence = z.infer<typeof swapEvidence>;

/** Runs stored by earlier versions have a sentence in place of the failure. */
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

/** An image as a sentence names it: a version needs the word for it, a whole reference does not. */
export function imageNamed(image: string): string {
  return isReference(image) ? image : `version ${image}`;
}

function words({ reference, id }: z.infer<typeof imageSchema>): string {
  return `${reference} (${shortIdOf(id)})`;
}

/** An image's id as people write it. */
export function shortIdOf(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, shortIdLength);
}
