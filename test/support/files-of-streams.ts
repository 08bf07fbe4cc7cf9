import type { SinkUnderTest } from "../contracts/sink-contract.ts";

/** What a sink is that keeps each stream in a file, as it is pushed. */
export const asFiles = {
  lacks: ["time", "labels", "received", "count"],
  outlivesProcess: true,
  nameOf: (filename: string) => filename.replaceAll("/", "_"),
} satisfies Partial<SinkUnderTest>;

/** The name of the file of a stream. */
export function fileNameOf(labels: Record<string, string>): string {
  return `${asFiles.nameOf(Object.values(labels).join(" "))}.log`;
}
