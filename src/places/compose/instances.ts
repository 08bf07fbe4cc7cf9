import type Docker from "dockerode";
import { unlessGone } from "./container.ts";
import { projectLabel, serviceLabel } from "./project.ts";

const numberLabel = "com.docker.compose.container-number";
const oneOffLabel = "com.docker.compose.oneoff";
const shortIdLength = 12;

/** A running container of a service, with the name of its instance in a run. */
export interface NamedContainer {
  /** The service's name if it has only one instance, otherwise followed by a number: `consumer-2`. */
  name: string;
  service: string;
  containerId: string;
}

/** What the engine's list says about a container. */
export interface ListedContainer {
  id: string;
  /** Its name in the engine: `shop-consumer-2`. */
  name: string;
  /** Its number among the containers of its service; undefined if it has none. */
  number: number | undefined;
  /** Whether it runs or is about to run again: every state except created, exited, dead and removing. */
  isUp: boolean;
  createdAtSeconds: number;
  mounts: { source: string; target: string }[];
}

/**
 * The containers of a service, in the order of their numbers. Containers of `docker compose run` do not count, unless they run
 * and have the service's name as an alias (`--use-aliases`). Of two with one number, as while Compose replaces one, the running one counts.
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
  return onePerNumber(serving.flat());
}

/** Of the containers with one number the running ones, or the youngest; in the order of the numbers. */
export function onePerNumber(containers: ListedContainer[]): ListedContainer[] {
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
 * Names the containers of a pipeline's services such that no two instances have the same name, and no instance has another service's name.
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

/** The engine's list does not contain aliases. */
async function answersTo(docker: Docker, id: string, name: string): Promise<boolean> {
  const found = await unlessGone(docker.getContainer(id).inspect());
  return Object.values(found?.NetworkSettings.Networks ?? {}).some(({ Aliases }) =>
    (Aliases ?? []).includes(name),
  );
}
