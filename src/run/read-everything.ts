import { ReadError } from "../base/read-error.ts";
import { showsReplay } from "../faults/effects.ts";
import type { Recorded } from "../judge/recorded.ts";
import { readWholeKafka } from "../sinks/kafka/read-whole-kafka.ts";
import { readBack } from "../sinks/read-back.ts";
import { kafkaOutputOf, type LiveRun } from "./live-run.ts";
import type { LoadedRun } from "./load-and-break.ts";
import { clockRemarks } from "./sink-checks.ts";

/** What was read back when nothing was on its way any more, beside the lines, which are in files. */
export type ReadRun = Pick<
  Recorded,
  "readings" | "readFailure" | "remarks" | "kafka" | "discarded" | "received"
>;

/** Reads the sink and Kafka to the end, and the counters of the parts once more. */
export async function readEverything(live: LiveRun, loaded: LoadedRun): Promise<ReadRun> {
  const { setup, progress, sink, watching, upAtMs } = live;
  const { ledger } = loaded;
  progress.enter("read");
  await watching.noteEnd();
  setup.outputs.journal.add("counters", { ...watching.counters.totals });
  const { folder, journal } = setup.outputs;
  const result = await readBack({ sink, ledger, folder, journal }, setup.context.signal);
  const { received, discarded, replay } = await sink.totals(upAtMs);
  const { kafka, remarks } = await readKafka(live, loaded);
  const isLogTorn = setup.request.plan.schedule.some(showsReplay);
  return {
    readings: result.readings.map(({ reading, entries, counted }) => ({ reading, entries, counted })),
    readFailure: result.failure,
    remarks: [
      ...result.remarks,
      ...clockRemarks(sink),
      ...remarks,
      ...(isLogTorn ? [{ code: "log-replayed", replay: replay ?? null } as const] : []),
    ],
    kafka,
    discarded,
    received: received ?? null,
  };
}

/** What is in Kafka; what could not be read there is a remark, since no verdict rests on it. */
async function readKafka(
  { kafka, setup }: LiveRun,
  { ledger, kafkaRecords }: LoadedRun,
): Promise<Pick<Recorded, "kafka" | "remarks">> {
  if (kafka === undefined) return { kafka: null, remarks: [] };
  try {
    const output = kafkaOutputOf(setup);
    const read = await readWholeKafka(kafka, output, ledger, kafkaRecords, setup.context.signal);
    return { kafka: read, remarks: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { kafka: null, remarks: [{ code: "kafka-not-read", problem: thrown.problem }] };
  }
}

/** Compares the shipper's own positions with the files of the load as they are. */
export async function isReadToEnd({ setup, writer, watching }: LiveRun): Promise<boolean> {
  if (setup.request.pipeline.shipper.config === undefined) return false;
  return writer.isReadToEnd(watching.counters.totals.shipper.readBytes);
}
