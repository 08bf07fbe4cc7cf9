import type { ComposeModel } from "./compose-model.ts";
import type { MountPlan, OwnMount } from "./own-mounts.ts";

const maxNamed = 5;

/** Notes on the differences between a run's mounts and the user's, and on mounts that reach beyond the run, a line each. */
export function notesOf(model: ComposeModel, started: readonly string[], { own }: MountPlan): string[] {
  return [...own.map(noteOf), ...started.flatMap((service) => socketNotes(model, service))];
}

function noteOf({ source, kind, places, entries, leftOut }: OwnMount): string {
  const at = places.map(({ service, target }) => `${service} ${target}`).join(", ");
  if (leftOut.includes("")) return `${at}: empty, without what ${source} holds`;
  const hasFiles = entries.some((entry) => entry.kind !== "folder");
  if (kind === "folder" && !hasFiles) return `${at}: empty, as ${source} is`;
  const named = leftOut.slice(0, maxNamed).join(", ");
  const others = leftOut.length > maxNamed ? ` and ${leftOut.length - maxNamed} more` : "";
  return `${at}: a copy of ${source}${leftOut.length === 0 ? "" : `, without the data in it: ${named}${others}`}`;
}

/** A service with the engine's socket can see and change every container of the machine. */
function socketNotes({ services }: ComposeModel, service: string): string[] {
  return services[service]!.volumes.filter(({ source }) => source?.endsWith("/docker.sock")).map(
    () => `${service} has the socket of the engine, and so also sees every other container of this machine`,
  );
}
