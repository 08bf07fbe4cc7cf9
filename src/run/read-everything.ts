import { showsReplay } from "../faults/effects.ts";
import type { Recorded } from "../judge/recorded.ts";
import type { Ledger } from "../load/ledger.ts";
import { Stack } from "../places/compose/stack.ts";
import { lokiTotals } from "../sinks/loki/loki-totals.ts";
import { ReadError } from "../sinks/read-error.ts";
import type { LiveRun } from "./live-run.ts";

/** What was read back when nothing was on its way any more, beside the lines, which are in files. */
export type ReadRun = Pick<
  Recorded,
  "readings" | "readFailure" | "remarks" | "kafka" | "discarded" | "received"
>;

/** Reads the sink and Kafka to the end, and the counters of the parts once more. */
export async function readEverything(live: LiveRun, ledger: Ledger): Promise<ReadRun> {
  const { setup, progress, stack, loki, watching, upAtMs } = live;
  progress.enter("read");
  await watching.noteEnd();
  setup.outputs.journal.add("counters", { ...watching.counters.totals });
  const result = await loki.read(ledger, setup.context.lokiFront);
  const { received, discarded, replay } = await lokiTotals(new Stack(stack), upAtMs);
  const { kafka, remarks } = await readKafka(live, ledger);
  const isLogTorn = setup.request.plan.schedule.some(showsReplay);
  return {
    readings: result.readings.map(({ reading, entries, counted }) => ({ reading, entries, counted })),
    readFailure: result.failure,
    remarks: [
      ...result.remarks,
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
  ledger: Ledger,
): Promise<Pick<Recorded, "kafka" | "remarks">> {
  if (kafka === undefined) return { kafka: null, remarks: [] };
  try {
    return { kafka: await kafka.read(ledger, setup.context.signal), remarks: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { kafka: null, remarks: [{ code: "kafka-not-read", message: thrown.message }] };
  }
}

/** Compares the shipper's own positions with the files of the load as they are. */
export async function isReadToEnd({ setup, writer, watching }: LiveRun): Promise<boolean> {
  if (setup.request.pipeline.shipper.config === undefined) return false;
  return writer.isReadToEnd(watching.counters.totals.shipper.readBytes);
}
