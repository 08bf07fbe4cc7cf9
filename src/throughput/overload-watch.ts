import type { SeriesTrack, Track } from "../judge/track.ts";
import { CountersObserver } from "../observe/counters-observer.ts";
import { ResourcesObserver } from "../observe/resources-observer.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { InstanceState } from "../places/instance.ts";
import { findMetrics } from "../places/instance-metrics.ts";
import type { Stack } from "../places/place.ts";
import { pushAnswers } from "../products/push-answers.ts";
import type { Sink } from "../sinks/sink.ts";
import { grownBy } from "./measure-trial.ts";
import type { Overload } from "./throughput-document.ts";
import type { TrialStack } from "./trial-stack.ts";

type Watched = Pick<Overload, "refused" | "memoryPeaks" | "ended">;

/** What was refused and which processes ran at one moment; counts by who refused and why. */
interface Moment {
  refused: Record<string, Record<string, number>>;
  states: ReadonlyMap<string, InstanceState | undefined>;
}

/** Watches what is refused, how much memory instances use, and whether one ends. No verdict on lines depends on it. */
export class OverloadWatch {
  readonly counters: CountersObserver;
  readonly #on: TrialStack;
  readonly #sink: Sink;
  readonly #resources: ResourcesObserver;
  #before: Moment | undefined;

  /** @param fileNames the prefixes of the names of all files that are written */
  constructor(on: TrialStack, sink: Sink, fileNames: readonly string[]) {
    this.#on = on;
    this.#sink = sink;
    this.counters = new CountersObserver(on.stack, fileNames);
    this.#resources = new ResourcesObserver(on.stack.instances());
  }

  async start(): Promise<void> {
    this.#before = await this.#now();
    this.counters.start(this.#on.signal);
    this.#resources.start(this.#on.signal);
  }

  /** Ends watching; what was seen since the start. */
  async end(): Promise<Watched> {
    await this.counters.stop();
    const { tracks } = await this.#resources.stop();
    const now = await this.#now();
    const refused = Object.entries(now.refused).flatMap(([by, counts]) =>
      Object.entries(grownBy(this.#before?.refused[by] ?? {}, counts)).map(([reason, count]) => ({
        by,
        reason,
        count,
      })),
    );
    return { refused, memoryPeaks: memoryPeaksOf(tracks), ended: endedIn(this.#before!.states, now.states) };
  }

  async stop(): Promise<void> {
    await Promise.all([this.counters.stop(), this.#resources.stop()]);
  }

  async #now(): Promise<Moment> {
    const { stack, upAtMs } = this.#on;
    await this.counters.ask();
    const { shipper, gateway, retries } = this.counters.counters.totals;
    const { discarded } = await this.#sink.totals(upAtMs);
    const refused = {
      "sink, lines": discarded,
      "shipper, pushes answered": withoutSuccess(await answersOf(stack)),
      "shipper, lines given up": shipper.dropped,
      "gateway, pushes answered": withoutSuccess(gateway.answers),
      "consumer, pushes tried again": retries,
    };
    const states = stack.instances().map(async (each) => [each.name, await each.findState()] as const);
    return { refused, states: new Map(await Promise.all(states)) };
  }
}

async function answersOf(stack: Stack): Promise<Record<string, number>> {
  const shippers = stack.instances(servicesOf(stack.pipeline, "shipper"));
  const answers = await Promise.all(shippers.map(async (each) => (await findMetrics(each)) ?? []));
  return pushAnswers(answers.flat());
}

function withoutSuccess(answers: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(answers).filter(([status]) => !status.startsWith("2")));
}

function memoryPeaksOf(tracks: readonly Track[]): Record<string, number> {
  const memory = tracks.filter(
    (track): track is SeriesTrack => track.kind === "series" && track.id.startsWith("resources.memory/"),
  );
  return Object.fromEntries(
    memory.map(({ instance, values }) => [instance!, Math.max(...values.map((value) => value ?? 0))]),
  );
}

/** The instances of which the process that ran before does not run any more. */
function endedIn(before: Moment["states"], after: Moment["states"]): Watched["ended"] {
  return [...before].flatMap(([instance, state]) => {
    const now = after.get(instance);
    if (now?.running && now.incarnation === state?.incarnation) return [];
    return [{ instance, exitCode: now?.exitCode ?? 0, isOutOfMemory: now?.isOutOfMemory ?? false }];
  });
}
