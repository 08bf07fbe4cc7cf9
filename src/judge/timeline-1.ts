import { z } from "zod";
import { type ProgressSample, progressTracks } from "./progress-tracks.ts";
import { judgedSchema, type Timeline } from "./timeline-document.ts";
import { maxPoints } from "./track.ts";

const count = z.int().min(0);
const lineCount = z.number().min(0);

const sampleSchema = z.object({
  at: z.number().min(0),
  written: count,
  readable: count,
  shipper: z.object({ read: lineCount, sent: lineCount, dropped: lineCount }).optional(),
  gateway: z.object({ acknowledged: lineCount, refusedPushes: lineCount }).optional(),
  consumer: z.object({ retries: lineCount }).optional(),
});

/** A timeline as earlier releases stored it, with a fixed set of columns; read as a timeline of today. */
export const timeline1Schema = z
  .object({
    schema: z.literal("everyline/timeline@1"),
    samples: z.array(sampleSchema).max(maxPoints),
    ...judgedSchema.shape,
  })
  .transform(
    ({ samples, schema: _, ...judged }): Timeline => ({
      schema: "everyline/timeline@2",
      observers: [
        { observer: "arrivals", isGroundOfVerdict: true, failure: null },
        { observer: "counters", isGroundOfVerdict: true, failure: null },
      ],
      tracks: tracksOf(samples),
      ...judged,
    }),
  );

function tracksOf(samples: z.infer<typeof sampleSchema>[]) {
  const flat = samples.map(
    ({ at, written, readable, shipper, gateway, consumer }): { at: number; values: ProgressSample } => ({
      at,
      values: {
        "lines.written": written,
        "lines.readable": readable,
        "shipper.read": shipper?.read,
        "shipper.sent": shipper?.sent,
        "shipper.dropped": shipper?.dropped,
        "gateway.acknowledged": gateway?.acknowledged,
        "gateway.refused": gateway?.refusedPushes,
        "consumer.retries": consumer?.retries,
      },
    }),
  );
  return progressTracks(flat);
}
