const sinkNames: Record<string, string> = { loki: "Loki" };

/** What people call the sink of a run. */
export function sinkNameOf({ sink }: { sink: string }): string {
  return sinkNames[sink] ?? sink;
}
