/** The kinds of sink, where lines end up and are read back. */
export const sinkKinds = ["loki", "victorialogs", "file", "memory"] as const;

export type SinkKind = (typeof sinkKinds)[number];

const names: Record<SinkKind, string> = {
  loki: "Loki",
  victorialogs: "VictoriaLogs",
  file: "the file sink",
  memory: "the store in memory",
};

/**
 * The sink of the reference architecture. Descriptions and stored runs from before other sinks existed do not name their sink; it is this
 * one.
 */
export const referenceSinkKind = "loki" satisfies SinkKind;

/** The name of a sink, as it is written in sentences. */
export function sinkName(kind: SinkKind): string {
  return names[kind];
}
