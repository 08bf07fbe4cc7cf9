import type { KafkaMeasured, Measured } from "../judge/conclude.ts";
import type { Observation } from "../judge/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { Stack } from "../places/compose/stack.ts";
import { lokiTotals, type Replay } from "../sinks/loki/loki-totals.ts";
import { ReadError } from "../sinks/read-error.ts";
import type { LiveRun } from "./live-run.ts";

/** Everything that was read back when nothing was on its way any more. */
export interface ReadRun {
  observations: Observation[];
  doubts: string[];
  remarks: string[];
  kafka?: KafkaMeasured;
  /** Lines that Loki refused, by its reason. */
  discarded: Record<string, number>;
  replay: Replay | undefined;
}

/** Reads the sink and Kafka to the end, and the counters of the parts once more. */
export async function readEverything(live: LiveRun, ledger: Ledger): Promise<ReadRun> {
  const { setup, progress, stack, loki, watching, upAtMs } = live;
  progress.enter("read");
  await watching.noteEnd();
  setup.outputs.journal.add("counters", { ...watching.counters.totals });
  const result = await loki.read(ledger, setup.context.lokiFront);
  const { received, discarded, replay } = await lokiTotals(new Stack(stack), upAtMs);
  const { kafka, remarks } = await readKafka(live, ledger, received);
  return {
    ...result,
    ...(kafka && { kafka }),
    discarded,
    replay,
    remarks: [...result.remarks, ...remarks],
  };
}

/** What is in Kafka; what could not be read there is a remark, since no verdict rests on it. */
async function readKafka(
  { kafka, setup }: LiveRun,
  ledger: Ledger,
  received: number | undefined,
): Promise<{ kafka?: KafkaMeasured; remarks: string[] }> {
  if (kafka === undefined) return { remarks: [] };
  try {
    return { kafka: { ...(await kafka.read(ledger, setup.context.signal)), received }, remarks: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { remarks: [thrown.message] };
  }
}

/** Compares the shipper's own positions with the files of the load as they are. */
export async function isReadToEnd({ setup, writer, watching }: LiveRun): Promise<Measured["isReadToEnd"]> {
  if (setup.request.pipeline.shipper.config === undefined) return false;
  return writer.isReadToEnd(watching.counters.totals.shipper.readBytes);
}
