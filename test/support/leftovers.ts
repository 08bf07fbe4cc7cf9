import { connectEngine } from "../../src/places/compose/engine.ts";
import { projectLabel, projectName } from "../../src/places/compose/project.ts";

/** The names of all containers, networks and volumes that the engine still has of a run. */
export async function leftoversOf(runId: string): Promise<string[]> {
  const docker = await connectEngine();
  const filters = { label: [`${projectLabel}=${projectName(runId)}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Names: [name] }) => name!),
    ...networks.map(({ Name }) => Name),
    ...(volumes ?? []).map(({ Name }) => Name),
  ];
}
