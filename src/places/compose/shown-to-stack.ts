import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { MountNote } from "../mount-note.ts";
import type { StartOptions } from "../place.ts";
import type { ComposeModel } from "./compose-model.ts";
import type { OtherMount } from "./compose-override.ts";
import { socketAt } from "./engine-mounts.ts";

/** Where services of the Compose files have the engine's socket. */
function socketsIn(
  { services }: ComposeModel,
  started: readonly string[],
): { service: string; target: string }[] {
  return started.flatMap((service) =>
    services[service]!.volumes.flatMap((mount) => {
      const target = socketAt(mount);
      return target === undefined ? [] : [{ service, target }];
    }),
  );
}

/**
 * What a run's stack sees of the engine: at every path of the engine's socket a stand-in, and in the shipper's folder of containers those of
 * the run's load. Both show no other container of the machine.
 *
 * @param openView opens the stand-in, and returns the path of its socket
 */
export async function shownToStack(
  { deployment }: Pipeline,
  model: ComposeModel,
  { started, shipper }: { started: readonly string[]; shipper: string },
  { logsFolder, logContainers = [] }: Pick<StartOptions, "logsFolder" | "logContainers">,
  openView: () => Promise<string>,
): Promise<OtherMount[]> {
  const sockets = socketsIn(model, started);
  const source = sockets.length > 0 ? await openView() : "";
  const ofSockets = sockets.map((at) => ({ ...at, readOnly: true, kind: "file" as const, source }));
  if (deployment.kind !== "own" || deployment.stdout?.by !== "files") return ofSockets;
  const { logsPath } = deployment;
  const ofContainers = logContainers.map((id) => ({
    service: shipper,
    target: `${logsPath}/${id}`,
    readOnly: true,
    kind: "file" as const,
    source: `${logsFolder}/${id}`,
  }));
  return [...ofSockets, ...ofContainers];
}

/** Notes on the services that have a stand-in in place of the engine's socket. */
export function standInNotes(model: ComposeModel, started: readonly string[]): MountNote[] {
  const services = new Set(socketsIn(model, started).map(({ service }) => service));
  return [...services].map((service) => ({ code: "engine-stand-in", service }));
}
