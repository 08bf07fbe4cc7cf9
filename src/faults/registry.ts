import type { z } from "zod";
import { awaitWal } from "./await-wal.ts";
import { damagePositions } from "./damage-positions.ts";
import { deleteGroup } from "./delete-group.ts";
import { deleteRecords } from "./delete-records.ts";
import { disconnect } from "./disconnect.ts";
import { emptyWal } from "./empty-wal.ts";
import { fillDisk } from "./fill-disk.ts";
import { flush } from "./flush.ts";
import { join } from "./join.ts";
import { kill } from "./kill.ts";
import type { FaultKind } from "./kind.ts";
import { pause } from "./pause.ts";
import { restart } from "./restart.ts";
import { rotate } from "./rotate.ts";
import { slow } from "./slow.ts";
import { stop } from "./stop.ts";
import { swapImage } from "./swap-image.ts";
import { tearWal } from "./tear-wal.ts";
import { unwatch } from "./unwatch.ts";

/** All kinds of faults. To add one, add a file and a line here. */
const kinds = [
  restart,
  stop,
  kill,
  pause,
  tearWal,
  emptyWal,
  awaitWal,
  flush,
  disconnect,
  slow,
  swapImage,
  join,
  rotate,
  damagePositions,
  deleteGroup,
  deleteRecords,
  fillDisk,
  unwatch,
] as const;

/** A fault to inject: its kind, its target, and further parameters of the kind. */
export type FaultSpec = z.infer<(typeof kinds)[number]["schema"]>;

/** A fault as a scenario or a stored run names it. Its kind may exist only in another version of Everyline. */
export interface NamedFault {
  kind: string;
  target: string;
}

/** All kinds, with their common type. */
export const faultKinds: readonly FaultKind[] = kinds;

const byName = new Map(faultKinds.map((kind) => [nameOf(kind), kind]));

/** The name of a kind of fault in scenarios. */
export function nameOf({ schema }: FaultKind): string {
  return schema.shape.kind.value;
}

/** The kind with a name; undefined if there is none. */
export function findKind(name: string): FaultKind | undefined {
  return byName.get(name);
}

/** The kind of a fault whose parameters were checked. */
export function kindOf({ kind }: FaultSpec): FaultKind {
  return byName.get(kind)!;
}
