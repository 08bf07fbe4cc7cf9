import type { MountNote } from "../mount-note.ts";
import type { ComposeModel } from "./compose-model.ts";
import type { MountPlan, OwnMount } from "./own-mounts.ts";
import { standInNotes } from "./shown-to-stack.ts";

const maxNamed = 5;

/** Notes on the differences between a run's mounts and the user's. */
export function notesOf(model: ComposeModel, started: readonly string[], { own }: MountPlan): MountNote[] {
  return [...own.map(noteOf), ...standInNotes(model, started)];
}

function noteOf({ source, kind, places, entries, leftOut }: OwnMount): MountNote {
  const mount = { places: places.map(({ service, target }) => ({ service, target })), source };
  if (leftOut.includes("")) return { code: "emptied", ...mount };
  const hasFiles = entries.some((entry) => entry.kind !== "folder");
  if (kind === "folder" && !hasFiles) return { code: "empty", ...mount };
  const furtherLeftOut = Math.max(0, leftOut.length - maxNamed);
  return { code: "copied", ...mount, leftOut: leftOut.slice(0, maxNamed), furtherLeftOut };
}
