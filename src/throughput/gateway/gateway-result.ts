import type { TrialReading } from "../read-trial.ts";
import type { TrialInput } from "../search/trial-result.ts";
import type { Trial } from "../throughput-document.ts";
import type { Pushed } from "./gateway-worker.ts";

/** From this share of the time on, a thread that pushes may itself have been what lines waited for. */
const busyWriter = 0.9;

/** What a trial of the gateway has shown, beside its times and processors. */
type GatewayResult = Omit<
  Trial,
  "number" | keyof TrialInput | "effectiveDurationSeconds" | "tookSeconds" | "processors"
>;

/**
 * A line is delivered if it is in the topic byte for byte, and in time if the gateway acknowledged it within the lag. A line that was
 * acknowledged and is not in the topic is in time for nobody. Those that were not pushed within the lag are late as well; if a thread that
 * pushes was busy all the time, they are Everyline's own.
 *
 * @param reading what the topic has of the lines that were pushed
 */
export function gatewayResult(
  { durationSeconds }: TrialInput,
  intendedLines: number,
  { streams, startedAtMs, busy, isCutOff }: Pushed,
  reading: TrialReading,
): GatewayResult {
  const sumOf = (of: (stream: (typeof streams)[number]) => number) =>
    streams.reduce((sum, stream) => sum + of(stream), 0);
  const unacknowledged = sumOf(({ pushed, acknowledged }) => pushed - acknowledged);
  const acknowledgedAndLost = Math.max(0, reading.lost - unacknowledged);
  const inTime = sumOf(({ inTime }) => inTime) - acknowledgedAndLost;
  const forwardedLines = Math.max(0, Math.min(reading.delivered, inTime));
  const late = Math.max(0, intendedLines - reading.lost - forwardedLines);
  const isWhole = sumOf(({ acknowledged }) => acknowledged) === intendedLines && reading.lost === 0;
  const lastMs = Math.max(...streams.map(({ lastAcknowledgedMs = startedAtMs }) => lastAcknowledgedMs));
  const refused: Record<string, number> = {};
  for (const [reason, lines] of streams.flatMap((stream) => Object.entries(stream.refused)))
    refused[reason] = (refused[reason] ?? 0) + lines;
  return {
    ...{ intendedLines, forwardedLines, ...reading, late, refused },
    writtenLate: busy >= busyWriter ? late : 0,
    lagSeconds: isWhole ? Math.max(0, (lastMs - startedAtMs) / 1_000 - durationSeconds) : null,
    isBacklogLeft: isCutOff && reading.lost > 0,
  };
}
