import pRetry from "p-retry";
import { ReadError } from "../../base/read-error.ts";
import type { CommonEvidence } from "../../faults/evidence.ts";
import type { Recorded } from "../../judge/recorded.ts";
import type { Arrivals } from "../../load/arrivals.ts";
import type { LoadWriter } from "../../load/load-writer.ts";
import { servicesOf } from "../../pipeline/pipeline.ts";
import type { Stack } from "../../places/place.ts";
import { acknowledgedEnds } from "../../products/acknowledged-ends.ts";
import { kafkaReadings } from "../../store/kafka-recording.ts";
import { type ReadBackOptions, readOnce } from "../read-back.ts";
import { failOver } from "./fail-over.ts";
import type { PipelineKafka } from "./pipeline-kafka.ts";
import { recordedOffsets } from "./read-whole-kafka.ts";

/** The gateway logs one line for each batch, about ten a second. */
const keptAcknowledgements = 100_000;
const readTimeoutMs = 30_000;
const readRetries = 2;

/** What the audit of a lost site needs. */
export interface AuditSiteOptions {
  stack: Stack;
  kafka: PipelineKafka;
  writer: LoadWriter;
  arrivals: Arrivals;
  /** How to read the sink of the second site, without the ledger. */
  output: Omit<ReadBackOptions, "ledger">;
  /** Waits until no more lines arrive in the second site. */
  untilQuiet: () => Promise<void>;
}

/** The result of auditing the loss of a site. */
export interface SiteAudit {
  recorded: NonNullable<Recorded["failover"]>;
  evidence: CommonEvidence;
}

/**
 * While the first of two sites is lost, waits until no more lines arrive in the second, reads what is there, and determines what the first
 * had acknowledged. If one cluster spans both sites, it is failed over first.
 *
 * @throws ReadError if not everything could be read
 */
export async function auditSite({
  stack,
  kafka,
  writer,
  arrivals,
  output,
  untilQuiet,
}: AuditSiteOptions): Promise<SiteAudit> {
  const { sites } = stack.pipeline;
  if (sites === undefined) throw new RangeError(`the layout ${stack.pipeline.layout} has no second site`);
  const isOneCluster = sites.standby === undefined;
  await untilQuiet();
  const before = arrivals.count;
  const offsets = isOneCluster ? await failOver(kafka, output.journal) : undefined;
  if (offsets !== undefined) await untilQuiet();
  const more = arrivals.count - before;
  const ledger = writer.hasEnded ? await writer.finished : writer.soFar();
  const { entries, observation } = await pRetry(
    () => readOnce({ ...output, ledger }, kafkaReadings.secondSite),
    {
      retries: readRetries,
      maxRetryTime: readTimeoutMs,
      shouldRetry: ({ error }) => error instanceof ReadError,
    },
  );
  const [gateway] = stack.instances(servicesOf(stack.pipeline, "gateway"));
  const acknowledged = acknowledgedEnds(await gateway!.logs(keptAcknowledgements));
  const records = [...acknowledged.values()].reduce((sum, end) => sum + Number(end), 0);
  return {
    recorded: {
      entries,
      acknowledged: [...acknowledged].map(([partition, end]) => ({ partition, end: `${end}` })),
      isOneCluster,
      offsets: offsets === undefined ? null : recordedOffsets(offsets),
    },
    evidence: {
      code: "second-site-held",
      acknowledgedRecords: records,
      readable: observation.deliveredCount(),
      afterFailover: isOneCluster ? more : null,
    },
  };
}
