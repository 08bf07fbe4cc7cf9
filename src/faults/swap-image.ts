import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { messageOf, UnavailableError } from "../base/errors.ts";
import { type Metric, sumOf } from "../base/metrics.ts";
import { exampleReference, isReference } from "../pipeline/image-overrides.ts";
import {
  allPartsOf,
  attachedProject,
  type PartImage,
  type Pipeline,
  servicesOf,
} from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import type { StackImage } from "../places/stack-image.ts";
import { buildInfoMetrics } from "../products/build-info.ts";
import { knownIngester } from "../products/known-sinks.ts";
import { assertAble } from "./able.ts";
import { awaitReady, lastWordsOf, NotReadyError, type Probe, probeOf } from "./await-ready.ts";
import { type CommonEvidence, secondsOf } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { missingTarget, partsEndedWith, severalInstances } from "./targets.ts";

/** Reading a large write-ahead log takes a minute; three brokers on two cores half of one. */
const readyTimeoutMs = 120_000;
const endProbeMs = 20;
const shortIdLength = 12;

const schema = z.strictObject({
  kind: z.literal("swap-image"),
  target: z.string(),
  /** A version of the part's image, or a whole reference. */
  image: z.string().min(1),
  /** Ended with SIGKILL instead of SIGTERM. */
  isKilled: z.boolean().optional(),
});

type Spec = z.infer<typeof schema>;

const imageSchema = z.object({ reference: z.string(), id: z.string() });

/** `version`: what it says its version is. `replay`: what it read of its write-ahead log, null if it does not say. */
const replaced = {
  instance: z.string(),
  from: imageSchema,
  to: imageSchema,
  version: z.string().optional(),
  awayMs: z.number(),
  linesMeanwhile: z.int(),
  replay: z.object({ entries: z.number(), corruptions: z.number() }).nullable().optional(),
};

const evidence = z.discriminatedUnion("code", [
  z.object({ code: z.literal("replaced"), ...replaced }),
  /** It came up, and ended later. */
  z.object({
    code: z.literal("replaced-and-ended"),
    instance: z.string(),
    from: imageSchema,
    to: imageSchema,
    exitCode: z.int(),
    lastWords: z.string(),
  }),
  /** `hasEnded`: by itself, so that it does not run on the data of the other. */
  z.object({
    code: z.literal("did-not-come-up"),
    instance: z.string(),
    from: imageSchema,
    to: imageSchema,
    message: z.string(),
    hasEnded: z.boolean(),
  }),
  /** One that ended by itself, told as what speaks against the other image. */
  z.object({
    code: z.literal("refused-data"),
    instance: z.string(),
    from: imageSchema,
    to: imageSchema,
    message: z.string(),
  }),
  z.object({ code: z.literal("nothing-put-back") }),
]);

type SwapEvidence = z.infer<typeof evidence>;

export const swapImage = {
  summary:
    "Each container in turn is ended and replaced by one that runs another image, ready before the next; the same back when it heals.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  /** What is replaced is away for a part of the time only. */
  breaks: () => [],
  ends: ({ target, isKilled }, pipeline) =>
    partsEndedWith(pipeline, servicesOf(pipeline, target), isKilled ? "kill" : "term"),
  unsupportedReason: (spec, pipeline) => unsupportedReason(spec, pipeline),
  simpler: ({ isKilled, ...rest }) => (isKilled ? [{ ...rest, isKilled: false }] : []),
  expected({ target, image, isKilled }, pipeline) {
    const signal = isKilled ? "SIGKILL" : "SIGTERM";
    return (
      `${servicesOf(pipeline, target).join(", ")}, one after the other: ended with ${signal}, and another container with the id of the image ${image} is ready ` +
      "before the next is ended, still runs when it heals, and the same back; lines are written meanwhile"
    );
  },
  create: (spec, context) => new SwapImage(context, spec),
  clause({ name, times, parameters: { image } }) {
    const by = typeof image === "string" ? imageNamed(image) : "another version";
    return `${name} was replaced${times} by ${by}, and back`;
  },
  describe(found) {
    switch (found.code) {
      case "replaced":
        return describeReplaced(found);
      case "replaced-and-ended":
        return `${found.instance}: ${words(found.from)} became ${words(found.to)}, and then ended by itself with exit code ${found.exitCode}, its last lines were: ${found.lastWords}`;
      case "did-not-come-up":
        return `${found.instance}: ${words(found.to)} did not come up in the place of ${words(found.from)}: ${found.message}`;
      case "refused-data":
        return `${found.instance}: ${words(found.to)} does not run on the data of ${words(found.from)}: ${found.message}`;
      case "nothing-put-back":
        return "nothing was put back";
    }
  },
} satisfies FaultKind<typeof schema, SwapEvidence>;

function unsupportedReason({ target, image }: Spec, pipeline: Pipeline): string | undefined {
  const missing = missingTarget(pipeline, target);
  if (missing !== undefined) return missing;
  const project = attachedProject(pipeline);
  if (project !== undefined)
    return `replaces containers, and those of ${project} are not Everyline's to replace; leave --project away, so that a stack of its own is started`;
  const images = imagesOf(pipeline, target);
  const names = new Set(images.map((each) => each?.name));
  if (names.size !== 1)
    return `needs a target whose containers run one image, and those of ${target} run ${names.size}; name a part or a service of ${pipeline.name}`;
  if (images[0] === undefined && !isReference(image))
    return `needs a whole reference as the image of ${target}, as in ${exampleReference}, and has ${JSON.stringify(image)}`;
  return severalInstances(pipeline, servicesOf(pipeline, target));
}

/** What the parts of a target run, as the pipeline says; undefined for a part that its Compose file alone says it of. */
function imagesOf(pipeline: Pipeline, target: string): (PartImage | undefined)[] {
  const services = servicesOf(pipeline, target);
  return allPartsOf(pipeline)
    .filter((part) => services.some((service) => service in part.services))
    .map((part) => part.image);
}

/** The part's image in another version; undefined where the fault names a reference and the pipeline no image. */
function partImageOf({ target, image }: Spec, pipeline: Pipeline): PartImage | undefined {
  const [known] = imagesOf(pipeline, target);
  if (known === undefined) return undefined;
  const { name, variable, version } = known;
  return isReference(image)
    ? { name, variable, version, reference: image }
    : { name, variable, version: image };
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

/** A version needs the word for it in a sentence; a whole reference does not. */
function imageNamed(image: string): string {
  return isReference(image) ? image : `version ${image}`;
}

function words({ reference, id }: z.infer<typeof imageSchema>): string {
  return `${reference} (${shortOf(id)})`;
}

type Image = Omit<StackImage, "service">;

/** An instance that runs, as far as it can be told from another. */
interface Seen {
  incarnation: string;
  image: Image;
  /** What it says its version is. */
  version: string | undefined;
}

/** What an ingester read of its write-ahead log, null if it does not say; undefined for one that keeps none. */
type Replay = { entries: number; corruptions: number } | null | undefined;

/** What came of replacing one instance. */
interface Change {
  instance: Instance;
  from: Seen;
  /** What was to run then. */
  wanted: Image;
  /** What runs since; undefined if it did not come up. */
  to: Seen | undefined;
  /** Why it did not, and whether because it ended by itself. */
  failure?: { message: string; hasEnded: boolean };
  endedAtMs: number;
  readyAtMs: number;
  /** Certainly while it was away. */
  linesMeanwhile: number;
  replay: Replay;
}

/**
 * An upgrade as it happens: a rolling replacement of containers by others that run another image on the same volumes, and the way back
 * when the fault heals. One that does not come up is replaced by what ran before at once, and so are those before it.
 */
class SwapImage implements Fault<SwapEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #spec: Spec;
  readonly #instances: Instance[];
  /** By service, as found when it worked. */
  readonly #probes = new Map<string, Probe>();
  readonly #there: Change[] = [];
  #back: Change[] | undefined;

  constructor(context: FaultContext, spec: Spec) {
    this.#context = context;
    this.#spec = spec;
    this.#instances = context.stack.instances(servicesOf(context.stack.pipeline, spec.target));
  }

  async inject(): Promise<number> {
    const image = await this.#wantedImage();
    for (const instance of this.#instances) {
      const change = await this.#replace(instance, image);
      this.#there.push(change);
      if (change.failure === undefined) continue;
      await this.#putBack();
      break;
    }
    return this.#there[0]?.endedAtMs ?? Date.now();
  }

  async prove(): Promise<Proof<SwapEvidence | CommonEvidence>> {
    return this.#proofOfAll(this.#there);
  }

  async heal(): Promise<number> {
    if (this.#back === undefined) await this.#putBack();
    return this.#back!.at(-1)?.readyAtMs ?? Date.now();
  }

  async proveHealed(): Promise<Proof<SwapEvidence | CommonEvidence>> {
    const back = this.#back ?? [];
    // What was put back at once runs, or has ended since: either way nothing was put to the test.
    return back.length === 0 ? refutes({ code: "nothing-put-back" }) : this.#proofOfAll(back);
  }

  refusals(): SwapEvidence[] {
    return [...this.#there, ...(this.#back ?? [])].flatMap(({ instance, from, wanted, failure }) =>
      failure?.hasEnded
        ? [
            {
              code: "refused-data",
              instance: instance.name,
              from: from.image,
              to: wanted,
              message: failure.message,
            },
          ]
        : [],
    );
  }

  /** What was ended last is the first that is needed again where something failed; else in the order of the way there. */
  async #putBack(): Promise<void> {
    this.#back = [];
    const hasFailed = this.#there.some(({ failure }) => failure !== undefined);
    for (const { instance, from, to } of hasFailed ? this.#there.toReversed() : this.#there) {
      const change = await this.#replace(instance, from.image);
      this.#back.push(change);
      if (change.failure === undefined || to === undefined) continue;
      // The way back is closed: what wrote the data last can read it, and the lines in it are to be judged.
      this.#back.push(await this.#replace(instance, to.image));
      return;
    }
  }

  async #wantedImage(): Promise<Image> {
    const { stack, signal } = this.#context;
    assertAble(stack.resolveImage, "replace an image by another");
    const image = partImageOf(this.#spec, stack.pipeline) ?? this.#spec.image;
    const { sizeBytes: _, ...wanted } = await stack.resolveImage!(image, { onProgress: () => {}, signal });
    for (const instance of this.#instances) {
      assertAble(instance.replace, `replace ${instance.name} by a container that runs another image`);
      const { id } = await instance.image();
      if (id === wanted.id)
        throw new UnavailableError(`${instance.name} runs ${wanted.reference} (${shortOf(id)}) already.`);
    }
    return wanted;
  }

  /** An instance that another fault holds down is replaced once it is up again. */
  async #replace(instance: Instance, wanted: Image): Promise<Change> {
    const { holds, signal } = this.#context;
    const { name } = instance;
    for (;;) {
      await holds.whenUp([name], signal);
      const change = await holds.alone([name], async () =>
        holds.byAnother("down", name) ? undefined : this.#replaceNow(instance, wanted),
      );
      if (change !== undefined) return change;
    }
  }

  async #replaceNow(instance: Instance, wanted: Image): Promise<Change> {
    const { signal, writer } = this.#context;
    signal.throwIfAborted();
    const from = await this.#look(instance);
    const probe = await this.#probeOf(instance);
    return this.#context.withPollingPaused(async () => {
      const endedAtMs = await this.#end(instance);
      const written = writer.written;
      const change = { instance, from, wanted, endedAtMs };
      try {
        await instance.replace!(wanted);
        const readyAtMs = await awaitReady(instance, probe, readyTimeoutMs, signal);
        const linesMeanwhile = writer.written - written;
        const to = await this.#look(instance);
        return { ...change, to, readyAtMs, linesMeanwhile, replay: await this.#replayOf(instance) };
      } catch (thrown) {
        signal.throwIfAborted();
        if (!(thrown instanceof NotReadyError || thrown instanceof UnavailableError)) throw thrown;
        const linesMeanwhile = writer.written - written;
        const hasEnded = thrown instanceof NotReadyError && thrown.hasEnded;
        const failure = { message: messageOf(thrown), hasEnded };
        return {
          ...change,
          to: undefined,
          failure,
          readyAtMs: Date.now(),
          linesMeanwhile,
          replay: undefined,
        };
      }
    });
  }

  async #probeOf(instance: Instance): Promise<Probe> {
    const probe = this.#probes.get(instance.name) ?? (await probeOf(this.#context.stack, instance));
    this.#probes.set(instance.name, probe);
    return probe;
  }

  /** Ends what runs, and waits for it. */
  async #end(instance: Instance): Promise<number> {
    const { holds, signal } = this.#context;
    holds.note("replaced", instance.name);
    if ((await instance.state()).running) {
      await instance.end(this.#spec.isKilled ? "kill" : "term");
      while ((await instance.state()).running) await pause(endProbeMs, signal);
    }
    return (await instance.state()).endedAtMs;
  }

  async #look(instance: Instance): Promise<Seen> {
    const { incarnation } = await instance.state();
    const { service: _, ...image } = await instance.image();
    const metrics = await this.#metricsOf(instance);
    const says = metrics?.find(({ name }) => buildInfoMetrics.includes(name));
    return { incarnation, image, version: says?.labels.version };
  }

  async #proofOfAll(changes: Change[]): Promise<Proof<SwapEvidence>> {
    return proofOfAll(await Promise.all(changes.map((change) => this.#proofOf(change))));
  }

  async #proofOf({ instance, from, wanted, to, failure, ...times }: Change): Promise<Proof<SwapEvidence>> {
    const { name } = instance;
    const images = { instance: name, from: named(from.image), to: named(wanted) };
    if (to === undefined) return refutes({ code: "did-not-come-up", ...images, ...failure! });
    const { running, exitCode, incarnation } = await instance.state();
    const isHeldDown = this.#context.holds.byAnother("down", name);
    if (incarnation === to.incarnation && !running && !isHeldDown) {
      const lastWords = await lastWordsOf(instance);
      return refutes({ code: "replaced-and-ended", ...images, exitCode, lastWords });
    }
    const isAnother = to.incarnation !== from.incarnation && to.image.id === wanted.id;
    const { endedAtMs, readyAtMs, linesMeanwhile, replay } = times;
    const known = { version: to.version, replay, linesMeanwhile, awayMs: readyAtMs - endedAtMs };
    return {
      effective: isAnother && linesMeanwhile > 0,
      evidence: [{ code: "replaced", ...images, ...known }],
    };
  }

  /** What an ingester says of the write-ahead log that it has just read. */
  async #replayOf(instance: Instance): Promise<Replay> {
    const { pipeline } = this.#context.stack;
    if (!pipeline.sink.ingesters.includes(instance.service)) return undefined;
    const metrics = await this.#metricsOf(instance);
    if (metrics === undefined) return null;
    return {
      entries: sumOf(metrics, knownIngester.counters.walRecoveredEntries),
      corruptions: sumOf(metrics, knownIngester.counters.walCorruptions),
    };
  }

  /** Undefined where it does not answer; a broker has none. */
  async #metricsOf(instance: Instance): Promise<Metric[] | undefined> {
    const { pipeline } = this.#context.stack;
    if (instance.service in (pipeline.kafka?.services ?? {})) return undefined;
    const address = await instance.address();
    return address && metricsAt(address.url).catch(() => undefined);
  }
}

function named({ reference, id }: Image): z.infer<typeof imageSchema> {
  return { reference, id };
}

function shortOf(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, shortIdLength);
}
