import type { z } from "zod";
import { awaitWal } from "./await-wal.ts";
import { disconnect } from "./disconnect.ts";
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

/** Every kind of fault there is. To add one is to add a file, and its line here. */
const kinds = [
  restart,
  stop,
  kill,
  pause,
  tearWal,
  awaitWal,
  flush,
  disconnect,
  slow,
  swapImage,
  join,
  rotate,
] as const;

/** What is to be done to what: a kind of fault, its target, and what else that kind takes. */
export type FaultSpec = z.infer<(typeof kinds)[number]["schema"]>;

/** A fault as a scenario or a stored run names it: its kind may be one of another version of Everyline. */
export interface NamedFault {
  kind: string;
  target: string;
}

/** Every kind, for whoever asks all of them the same. */
export const faultKinds: readonly FaultKind[] = kinds;

const byName = new Map(faultKinds.map((kind) => [nameOf(kind), kind]));

/** What a scenario calls a kind of fault. */
export function nameOf({ schema }: FaultKind): string {
  return schema.shape.kind.value;
}

/** The kind of a name; undefined if there is none. */
export function findKind(name: string): FaultKind | undefined {
  return byName.get(name);
}

/** The kind of a fault that was checked. */
export function kindOf({ kind }: FaultSpec): FaultKind {
  return byName.get(kind)!;
}
