import { sinkKinds, sinkName } from "../../pipeline/sink-kind.ts";

/** The product name of the sink of a run; for a kind that this version does not know, its name in the plan. */
export function sinkNameOf({ sink }: { sink: string }): string {
  const kind = sinkKinds.find((known) => known === sink);
  return kind === undefined ? sink : sinkName(kind);
}
