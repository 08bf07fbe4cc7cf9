import { messageOf, UnavailableError, UsageError } from "../base/errors.ts";
import { type Metric, sumOf } from "../base/metrics.ts";
import { isReference } from "../pipeline/image-overrides.ts";
import {
  allPartsOf,
  attachedProject,
  type PartImage,
  type Pipeline,
  servicesOf,
} from "../pipeline/pipeline.ts";
import { findMetrics } from "../places/compose/service-metrics.ts";
import type { Stack } from "../places/compose/stack.ts";
import { resolvePartImage, resolveReference } from "../places/images/images.ts";
import type { StackImage } from "../places/stack-image.ts";
import { awaitReady, lastWordsOf, NotReadyError, type Probe, probeOf } from "./await-ready.ts";
import { type Fault, type FaultContext, type FaultSpec, type Proof, proofOfAll } from "./fault.ts";

/** Reading a large write-ahead log takes a minute; three brokers on two cores half of one. */
const readyTimeoutMs = 120_000;
const shortIdLength = 12;

/** Which services are given which image, one after the other. */
export interface Swap {
  services: string[];
  /** As the scenario names it. */
  image: string;
  /** The part's image in another version; undefined where `image` is a reference and the pipeline names no images. */
  part: PartImage | undefined;
  isKilled: boolean;
}

type Image = Omit<StackImage, "service">;

/** A container that runs, as far as it can be told from another. */
interface Seen {
  containerId: string;
  image: Image;
  /** What it says its version is. */
  version: string | undefined;
}

/** What came of replacing one container. */
interface Change {
  service: string;
  from: Seen;
  /** What was to run then. */
  wanted: Image;
  /** What runs since; undefined if it did not come up. */
  to: Seen | undefined;
  /** Why it did not, and whether because it ended by itself. */
  failure?: string;
  hasRefused?: boolean;
  endedAtMs: number;
  readyAtMs: number;
  /** Certainly while it was away. */
  linesMeanwhile: number;
  /** What it read of its write-ahead log; undefined for one that keeps none. */
  replay: string | undefined;
}

/**
 * What a fault replaces by what.
 *
 * @throws UsageError if the pipeline has no such target, or it does not say which image that would be
 */
export function planSwap(
  pipeline: Pipeline,
  { target, image, isKilled = false }: Extract<FaultSpec, { kind: "swap-image" }>,
): Swap {
  const services = servicesOf(pipeline, target);
  const project = attachedProject(pipeline);
  if (project !== undefined)
    throw new UsageError(
      `the containers of ${project} are not Everyline's to replace; leave --project away, so that a stack of its own is started.`,
    );
  const images = allPartsOf(pipeline)
    .filter((part) => services.some((service) => service in part.services))
    .map((part) => part.image);
  const names = new Set(images.map((each) => each?.name));
  if (names.size !== 1)
    throw new UsageError(
      `expected a target whose containers run the same image, got ${target} with ${names.size}; name a part or a service of ${pipeline.name}.`,
    );
  const [known] = images;
  if (known === undefined && !isReference(image))
    throw new UsageError(
      `expected a whole reference as the image of ${target}, as in grafana/loki:3.7.6, got ${JSON.stringify(image)}.`,
    );
  const { name, variable, version } = known ?? { name: target, variable: "", version: "" };
  const part: PartImage | undefined =
    known &&
    (isReference(image) ? { name, variable, version, reference: image } : { name, variable, version: image });
  return { services, image, part, isKilled };
}

/**
 * An upgrade as it happens: a rolling replacement of containers by others that run another image on the same volumes, and the way back
 * when the fault heals. One that does not come up is replaced by what ran before at once, and so are those before it.
 */
export class SwapImage implements Fault {
  readonly #world: FaultContext;
  readonly #stack: Stack;
  readonly #swap: Swap;
  /** By service, as found when it worked. */
  readonly #probes = new Map<string, Probe>();
  readonly #there: Change[] = [];
  #back: Change[] | undefined;

  constructor(world: FaultContext, swap: Swap) {
    this.#world = world;
    this.#stack = world.stack;
    this.#swap = swap;
  }

  /** What is asked of it before it counts, in words. */
  static expected({ services, image, isKilled }: Swap): string {
    const signal = isKilled ? "SIGKILL" : "SIGTERM";
    return (
      `${services.join(", ")}, one after the other: ended with ${signal}, and another container with the id of the image ${image} is ready ` +
      "before the next is ended, still runs when it heals, and the same back; lines are written meanwhile"
    );
  }

  async inject(): Promise<number> {
    const image = await this.#wantedImage();
    for (const service of this.#swap.services) {
      const change = await this.#replace(service, image);
      this.#there.push(change);
      if (change.failure === undefined) continue;
      await this.#putBack();
      break;
    }
    return this.#there[0]?.endedAtMs ?? Date.now();
  }

  async prove(): Promise<Proof> {
    return this.#proofOfAll(this.#there);
  }

  async heal(): Promise<number> {
    if (this.#back === undefined) await this.#putBack();
    return this.#back!.at(-1)?.readyAtMs ?? Date.now();
  }

  async proveHealed(): Promise<Proof> {
    const back = this.#back ?? [];
    // What was put back at once runs, or has ended since: either way nothing was put to the test.
    return back.length === 0
      ? { effective: false, evidence: "nothing was put back" }
      : this.#proofOfAll(back);
  }

  refusals(): string[] {
    return [...this.#there, ...(this.#back ?? [])]
      .filter(({ hasRefused }) => hasRefused)
      .map(
        ({ service, wanted, from, failure }) =>
          `${service}: ${describe(wanted)} does not run on the data of ${describe(from.image)}: ${failure}`,
      );
  }

  /** What was ended last is the first that is needed again where something failed; else in the order of the way there. */
  async #putBack(): Promise<void> {
    this.#back = [];
    const hasFailed = this.#there.some(({ failure }) => failure !== undefined);
    for (const { service, from, to } of hasFailed ? this.#there.toReversed() : this.#there) {
      const change = await this.#replace(service, from.image);
      this.#back.push(change);
      if (change.failure === undefined || to === undefined) continue;
      // The way back is closed: what wrote the data last can read it, and the lines in it are to be judged.
      this.#back.push(await this.#replace(service, to.image));
      return;
    }
  }

  async #wantedImage(): Promise<Image> {
    const { part, image } = this.#swap;
    const options = { onProgress: () => {}, signal: this.#world.signal };
    const { docker } = this.#stack;
    const { sizeBytes: _, ...wanted } =
      part === undefined
        ? await resolveReference(docker, image, options)
        : await resolvePartImage(docker, part, options);
    for (const service of this.#swap.services) {
      const { Image: id } = await this.#stack.container(service).inspect();
      if (id === wanted.id)
        throw new UnavailableError(`${service} runs ${wanted.reference} (${shortOf(id)}) already.`);
    }
    return wanted;
  }

  async #replace(service: string, wanted: Image): Promise<Change> {
    const { signal, writer } = this.#world;
    signal.throwIfAborted();
    const from = await this.#look(service);
    const probe = await this.#probeOf(service);
    return this.#world.withPollingPaused(async () => {
      const endedAtMs = await this.#end(service);
      const written = writer.written;
      const change = { service, from, wanted, endedAtMs };
      try {
        await this.#stack.replace(service, wanted);
        const readyAtMs = await awaitReady(this.#stack, service, probe, readyTimeoutMs, signal);
        const linesMeanwhile = writer.written - written;
        const to = await this.#look(service);
        return { ...change, to, readyAtMs, linesMeanwhile, replay: await this.#replayOf(service) };
      } catch (thrown) {
        signal.throwIfAborted();
        if (!(thrown instanceof NotReadyError || thrown instanceof UnavailableError)) throw thrown;
        const linesMeanwhile = writer.written - written;
        return {
          ...change,
          to: undefined,
          failure: messageOf(thrown),
          hasRefused: thrown instanceof NotReadyError && thrown.hasEnded,
          readyAtMs: Date.now(),
          linesMeanwhile,
          replay: undefined,
        };
      }
    });
  }

  async #probeOf(service: string): Promise<Probe> {
    const probe = this.#probes.get(service) ?? (await probeOf(this.#stack, service));
    this.#probes.set(service, probe);
    return probe;
  }

  /** Ends what runs, and waits for it. */
  async #end(service: string): Promise<number> {
    const container = this.#stack.container(service);
    this.#world.ended.add(service);
    if ((await this.#stack.state(service)).running) {
      if (this.#swap.isKilled) {
        await container.kill({ signal: "SIGKILL" });
        await container.wait();
      } else await container.stop();
    }
    return (await this.#stack.state(service)).finishedAtMs;
  }

  async #look(service: string): Promise<Seen> {
    const container = this.#stack.container(service);
    const { Image: id } = await container.inspect();
    const { service: _, ...image } = this.#stack.images.find(
      (each) => each.service === service && each.id === id,
    )!;
    const metrics = await this.#metricsOf(service);
    const says = metrics?.find(({ name }) => /^(loki|promtail)_build_info$/.test(name));
    return { containerId: container.id, image, version: says?.labels.version };
  }

  async #proofOfAll(changes: Change[]): Promise<Proof> {
    return proofOfAll(await Promise.all(changes.map((change) => this.#proofOf(change))), "; ");
  }

  async #proofOf({ service, from, wanted, to, failure, ...times }: Change): Promise<Proof> {
    const names = `${service}: ${describe(from.image)} became ${describe(wanted)}`;
    if (to === undefined) {
      const evidence = `${service}: ${describe(wanted)} did not come up in the place of ${describe(from.image)}: ${failure}`;
      return { effective: false, evidence };
    }
    const { running, exitCode } = await this.#stack.state(service);
    if (this.#stack.container(service).id === to.containerId && !running) {
      const words = await lastWordsOf(this.#stack, service);
      const evidence = `${names}, and then ended by itself with exit code ${exitCode}, its last lines were: ${words}`;
      return { effective: false, evidence };
    }
    const isAnother = to.containerId !== from.containerId && to.image.id === wanted.id;
    const { endedAtMs, readyAtMs, linesMeanwhile, replay } = times;
    const seconds = ((readyAtMs - endedAtMs) / 1_000).toFixed(2);
    const says = to.version === undefined ? [] : [`it says that it is ${to.version}`];
    const facts = [names, ...says, `away for ${seconds} s in which ${linesMeanwhile} lines were written`];
    return {
      effective: isAnother && linesMeanwhile > 0,
      evidence: [...facts, ...(replay === undefined ? [] : [replay])].join(", "),
    };
  }

  /** What a writer of Loki's says of the write-ahead log that it has just read. */
  async #replayOf(service: string): Promise<string | undefined> {
    if (!this.#stack.pipeline.loki.writers.includes(service)) return undefined;
    const metrics = await this.#metricsOf(service);
    if (metrics === undefined)
      return "what it recovered from its WAL is not known, since /metrics does not answer";
    const entries = sumOf(metrics, "loki_ingester_wal_recovered_entries_total");
    const corruptions = sumOf(metrics, "loki_ingester_wal_corruptions_total");
    return `${entries} entries recovered from its WAL, ${corruptions} corruptions`;
  }

  /** Undefined where it does not answer; a broker has none. */
  async #metricsOf(service: string): Promise<Metric[] | undefined> {
    if (service in (this.#stack.pipeline.kafka?.services ?? {})) return undefined;
    return findMetrics(this.#stack, service);
  }
}

function describe({ reference, id }: Image): string {
  return `${reference} (${shortOf(id)})`;
}

function shortOf(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, shortIdLength);
}
