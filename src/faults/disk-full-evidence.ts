import { z } from "zod";
import { formatBytes } from "../base/format-bytes.ts";
import { secondsOf } from "./evidence.ts";

/** What is found of a disk that was filled, and of the program that writes to it. */
export const diskFullEvidence = z.discriminatedUnion("code", [
  /** Whether a file of `probeBytes` could be written to the volume at `folder`, which holds `bytes`. */
  z.object({
    code: z.literal("disk-room"),
    instance: z.string(),
    folder: z.string(),
    bytes: z.int(),
    probeBytes: z.int(),
    hasRoom: z.boolean(),
  }),
  /** How many lines about a full disk the instance logged, and how it ended by itself meanwhile; null if it did not. */
  z.object({
    code: z.literal("disk-noticed"),
    instance: z.string(),
    lines: z.int(),
    ended: z.object({ exitCode: z.int(), afterMs: z.number() }).nullable(),
  }),
]);

export type DiskFullEvidence = z.infer<typeof diskFullEvidence>;

/** The words for one finding. */
export function describeDiskFull(found: DiskFullEvidence): string {
  if (found.code === "disk-room") {
    const { instance, folder, bytes, probeBytes, hasRoom } = found;
    const fits = hasRoom ? "has room for" : "has no room for";
    return `${instance}: ${folder}, a volume of ${formatBytes(bytes)}, ${fits} ${formatBytes(probeBytes)}`;
  }
  const { instance, lines, ended } = found;
  const logged =
    lines === 0
      ? "logged nothing about a full disk"
      : `logged ${lines} ${lines === 1 ? "line" : "lines"} about a full disk`;
  const how =
    ended === null
      ? "and did not end"
      : `and ended by itself with exit code ${ended.exitCode} after ${secondsOf(ended.afterMs)} s`;
  return `${instance}: ${logged} ${how}`;
}
