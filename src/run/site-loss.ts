import pRetry from "p-retry";
import type { CommonEvidence } from "../faults/evidence.ts";
import type { Recorded } from "../judge/recorded.ts";
import type { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import type { Watch } from "../observe/watch.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import { acknowledgedEnds } from "../products/acknowledged-ends.ts";
import { type ReadBackOptions, readOnce } from "../sinks/loki/read-back.ts";
import { ReadError } from "../sinks/read-error.ts";
import { kafkaReadings } from "../store/kafka-recording.ts";
import { type KafkaSide, recordedOffsets } from "./kafka-side.ts";
import { settle } from "./settle.ts";

/** A line a batch: some ten a second. */
const keptAcknowledgements = 100_000;
/** A cluster that lost half of its brokers has new leaders after some 12 s, and a mirror nothing to read; then this long nothing came. */
const quietMs = 4_000;
const deadlineMs = 30_000;
const readRetries = 2;

/** What looking at a lost site takes. */
export interface SiteLossOptions {
  stack: Stack;
  kafka: KafkaSide;
  watch: Watch;
  arrivals: Arrivals;
  /** How the Loki of the second site is read. */
  read: (ledger: Ledger) => Omit<ReadBackOptions, "writers">;
  signal: AbortSignal;
}

/** The loss of the first of two sites: what the second has while it lasts. */
export class SiteLoss {
  readonly #options: SiteLossOptions;
  #recorded: Recorded["failover"] = null;

  constructor(options: SiteLossOptions) {
    this.#options = options;
  }

  /**
   * Reads what the second site has once nothing more comes, and what the first had acknowledged. One cluster over both sites is failed
   * over first.
   *
   * @returns how much that is
   * @throws ReadError if not everything could be read
   */
  async audit(writer: LoadWriter): Promise<CommonEvidence> {
    const { stack, kafka, arrivals, read } = this.#options;
    const { sites } = stack.pipeline;
    if (sites === undefined) throw new RangeError(`the layout ${stack.pipeline.layout} has no second site`);
    const isOneCluster = sites.standby === undefined;
    await this.#untilQuiet();
    const before = arrivals.count;
    const offsets = isOneCluster ? await kafka.failOver() : undefined;
    if (offsets !== undefined) await this.#untilQuiet();
    const more = arrivals.count - before;
    const ledger = writer.hasEnded ? await writer.finished : writer.soFar();
    const { entries, observation } = await pRetry(() => readOnce(read(ledger), kafkaReadings.secondSite), {
      retries: readRetries,
      maxRetryTime: deadlineMs,
      shouldRetry: ({ error }) => error instanceof ReadError,
    });
    const [gateway] = stack.instances(servicesOf(stack.pipeline, "gateway"));
    const acknowledged = acknowledgedEnds(await gateway!.logs(keptAcknowledgements));
    this.#recorded = {
      entries,
      acknowledged: [...acknowledged].map(([partition, end]) => ({ partition, end: `${end}` })),
      isOneCluster,
      offsets: offsets === undefined ? null : recordedOffsets(offsets),
    };
    const records = [...acknowledged.values()].reduce((sum, end) => sum + Number(end), 0);
    return {
      code: "second-site-held",
      acknowledgedRecords: records,
      readable: observation.deliveredCount(),
      afterFailover: isOneCluster ? more : null,
    };
  }

  /** What was seen of the loss; null if nothing was. */
  get recorded(): Recorded["failover"] {
    return this.#recorded;
  }

  async #untilQuiet(): Promise<void> {
    const { kafka, watch, signal } = this.#options;
    await settle(
      {
        isComplete: () => false,
        lastMovedAtMs: () => watch.lastMovedAtMs,
        isUnderWay: async () => ((await kafka.isConsumerBehind(false)) === false ? false : undefined),
      },
      { askAfterMs: quietMs, quietMs: deadlineMs, deadlineMs },
      signal,
    );
  }
}
