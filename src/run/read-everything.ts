import { ReadError } from "../base/read-error.ts";
import { showsReplay } from "../faults/effects.ts";
import type { Recorded } from "../judge/recorded.ts";
import { readWholeKafka } from "../sinks/kafka/read-whole-kafka.ts";
import { readBack } from "../sinks/read-back.ts";
import { kafkaOutputOf, type LiveRun } from "./live-run.ts";
import type { LoadedRun } from "./load-and-break.ts";
import { clockRemarks } from "./sink-checks.ts";

/** The result of reading everything back after the run has settled, without the lines, which are stored in files. */
export type ReadRun = Pick<
  Recorded,
  "readings" | "readByMs" | "setAside" | "readFailure" | "remarks" | "kafka" | "discarded" | "received"
>;

/** Reads the sink and Kafka completely, and the counters of the parts once more. */
export async function readEverything(live: LiveRun, loaded: LoadedRun): Promise<ReadRun> {
  const { setup, progress, sink, watching, upAtMs } = live;
  const { ledger } = loaded;
  progress.enter("read");
  await watching.noteEnd();
  setup.outputs.journal.add("counters", { ...watching.counters.totals });
  const { folder, journal } = setup.outputs;
  const { signal, lateCopiesMs } = setup.context;
  const result = await readBack({ sink, ledger, folder, journal, lateCopiesMs }, signal);
  const readByMs = result.readings.length > 0 ? Date.now() : null;
  const { received, discarded, replay } = await sink.totals(upAtMs);
  const { kafka, remarks } = await readKafka(live, loaded);
  const isLogTorn = setup.request.plan.schedule.some(showsReplay);
  return {
    readings: result.readings.map(({ reading, entries, counted }) => ({ reading, entries, counted })),
    readByMs,
    setAside: result.setAside,
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

/** Reads Kafka. A failure is only a remark, because no verdict depends on what is in Kafka. */
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

/** Whether the shipper's positions are at the end of all files of the load. */
export async function isReadToEnd({ setup, writer, watching }: LiveRun): Promise<boolean> {
  if (setup.request.pipeline.shipper.config === undefined) return false;
  return writer.isReadToEnd(watching.counters.totals.shipper.readBytes);
}
