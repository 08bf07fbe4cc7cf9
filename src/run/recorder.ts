import type { Recorded } from "../judge/recorded.ts";
import type { Containers } from "./containers.ts";
import type { Executed } from "./executed.ts";
import type { LiveRun } from "./live-run.ts";
import type { LoadedRun } from "./load-and-break.ts";
import { isReadToEnd, type ReadRun } from "./read-everything.ts";
import type { Settled } from "./settle.ts";
import { sinkStartedAtMs } from "./sink-checks.ts";

/** What is known before the first fault is injected. */
type Known = Pick<Recorded, "proofFailure" | "differences" | "unchecked" | "environment">;

/** Assembles the recording of a run in the form in which it is stored. */
export class Recorder {
  readonly #live: LiveRun;
  readonly #containers: Containers;
  readonly #known: Known;

  constructor(live: LiveRun, containers: Containers, known: Known) {
    this.#live = live;
    this.#containers = containers;
    this.#known = known;
  }

  /** The recording of a run that ended before any fault was injected. */
  unbroken(upSeconds: number): Promise<Executed> {
    return this.#executed({
      faults: [],
      readableAtKills: [],
      settled: null,
      readings: [],
      readByMs: null,
      setAside: null,
      readFailure: null,
      remarks: [],
      sinkStartedAtMs: null,
      changes: [],
      isReadToEnd: false,
      discarded: {},
      received: null,
      kafka: null,
      failover: null,
      seconds: { up: upSeconds, load: 0, read: 0, total: 0 },
    });
  }

  /** The recording of a run that was carried out completely. */
  async complete(
    { faults, readableAtKills, failover }: LoadedRun,
    settled: Settled,
    read: ReadRun,
    seconds: Recorded["seconds"],
  ): Promise<Executed> {
    const { stack } = this.#live;
    const startedAtMs = await sinkStartedAtMs(stack);
    return this.#executed({
      faults,
      readableAtKills,
      settled,
      ...read,
      sinkStartedAtMs: Number.isFinite(startedAtMs) ? startedAtMs : null,
      changes: await stack.changes(stack.services),
      isReadToEnd: await isReadToEnd(this.#live),
      failover,
      seconds,
    });
  }

  async #executed(
    observed: Omit<
      Recorded,
      | keyof Known
      | "schema"
      | "runId"
      | "observers"
      | "arrivals"
      | "shipper"
      | "gateway"
      | "retries"
      | "notes"
      | "images"
      | "alerts"
    >,
  ): Promise<Executed> {
    const { setup, stack, watching } = this.#live;
    const seen = await watching.stop();
    const { shipper, gateway, retries } = watching.counters.totals;
    const recorded: Recorded = {
      schema: "everyline/recording@1",
      runId: setup.request.runId,
      ...this.#known,
      ...observed,
      observers: seen.map(({ tracks: _, ...observer }) => observer),
      arrivals: watching.arrivals.count,
      shipper,
      gateway,
      retries,
      alerts: watching.alerts?.recorded ?? null,
      notes: [...stack.notes],
      images: this.#containers.images,
    };
    return { recorded, arrivals: watching.arrivals, observed: seen };
  }
}
