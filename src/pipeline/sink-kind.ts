/** What can stand at the end of a pipeline, where lines are read back. */
export const sinkKinds = ["loki", "victorialogs", "file", "memory"] as const;

export type SinkKind = (typeof sinkKinds)[number];

const names: Record<SinkKind, string> = {
  loki: "Loki",
  victorialogs: "VictoriaLogs",
  file: "the file sink",
  memory: "the store in memory",
};

/** The sink of the reference architecture, and of everything that was stored or described before there were others. */
export const referenceSinkKind = "loki" satisfies SinkKind;

/** The sink's name in a sentence. */
export function sinkName(kind: SinkKind): string {
  return names[kind];
}
