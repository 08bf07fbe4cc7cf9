import type Docker from "dockerode";
import { unlessGone } from "./container.ts";
import { projectLabel, serviceLabel } from "./project.ts";

const numberLabel = "com.docker.compose.container-number";
const oneOffLabel = "com.docker.compose.oneoff";
const shortIdLength = 12;

/** A container that serves, under the name that its instance has in a run. */
export interface NamedContainer {
  /** The service's name where it has no other instance, else with its number behind it: `loki-2`. */
  name: string;
  service: string;
  containerId: string;
}

/** What the engine's list says of a container. */
export interface ListedContainer {
  id: string;
  /** As the engine knows it: `shop-loki-2`. */
  name: string;
  /** Its place among those of its service; undefined if it bears none. */
  number: number | undefined;
  /** Runs, or is about to run again: everything but created, exited, dead and being removed. */
  isUp: boolean;
  createdAtSeconds: number;
  mounts: { source: string; target: string }[];
}

/**
 * The containers that serve as a service, in the order of their numbers. What `docker compose run` leaves is none of them, unless it runs
 * and answers to the service's name (`--use-aliases`); of two in one place, as while Compose replaces one, the one that runs counts.
 */
export async function containersOf(
  docker: Docker,
  project: string,
  service: string,
): Promise<ListedContainer[]> {
  const label = [`${projectLabel}=${project}`, `${serviceLabel}=${service}`];
  const listed = await docker.listContainers({ all: true, filters: { label } });
  const serving = await Promise.all(
    listed.map(async (container) => {
      const isOneOff = container.Labels[oneOffLabel] === "True";
      const serves = !isOneOff || (isUp(container) && (await answersTo(docker, container.Id, service)));
      return serves ? [describe(container)] : [];
    }),
  );
  return inTheirPlaces(serving.flat());
}

/** Of the containers that bear one number those that are up, or the youngest; in the order of the numbers. */
export function inTheirPlaces(containers: ListedContainer[]): ListedContainer[] {
  const places = Map.groupBy(containers, ({ number }) => number ?? 0);
  return [...places]
    .sort(([one], [other]) => one - other)
    .flatMap(([, rivals]) => {
      const up = rivals.filter(({ isUp }) => isUp);
      if (up.length > 0) return up;
      const [youngest] = rivals.toSorted((one, other) => other.createdAtSeconds - one.createdAtSeconds);
      return [youngest!];
    });
}

/**
 * Names the containers of a pipeline's services such that no two instances have one name, nor an instance that of another service.
 *
 * @param containers by service
 */
export function nameInstances(containers: ReadonlyMap<string, ListedContainer[]>): NamedContainer[] {
  const taken = new Set(containers.keys());
  return [...containers].flatMap(([service, ofService]) =>
    ofService.map(({ id, number }) => {
      const numbered = `${service}-${number ?? 0}`;
      const free = taken.has(numbered) ? `${service}-${id.slice(0, shortIdLength)}` : numbered;
      const name = ofService.length === 1 ? service : free;
      taken.add(name);
      return { name, service, containerId: id };
    }),
  );
}

function describe({ Id, Names, Labels, Created, Mounts, ...rest }: Docker.ContainerInfo): ListedContainer {
  const number = Number(Labels[numberLabel]);
  return {
    id: Id,
    name: (Names[0] ?? Id).replace(/^\//, ""),
    number: Number.isInteger(number) ? number : undefined,
    isUp: isUp(rest),
    createdAtSeconds: Created,
    mounts: Mounts.map(({ Source: source, Destination: target }) => ({ source, target })),
  };
}

function isUp({ State: state }: Pick<Docker.ContainerInfo, "State">): boolean {
  return !["created", "exited", "dead", "removing"].includes(state);
}

/** The engine's list does not tell aliases. */
async function answersTo(docker: Docker, id: string, name: string): Promise<boolean> {
  const found = await unlessGone(docker.getContainer(id).inspect());
  return Object.values(found?.NetworkSettings.Networks ?? {}).some(({ Aliases }) =>
    (Aliases ?? []).includes(name),
  );
}
