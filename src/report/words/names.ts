import { sinkKinds, sinkName } from "../../pipeline/sink-kind.ts";

/** What people call the sink of a run; as its plan names it where this version does not know it. */
export function sinkNameOf({ sink }: { sink: string }): string {
  const kind = sinkKinds.find((known) => known === sink);
  return kind === undefined ? sink : sinkName(kind);
}
