import type { RunDocument } from "../judge/run-document.ts";
import type { ContainerGroup } from "../load/source.ts";
import type { Stack } from "../places/place.ts";
import type { RunOutputs } from "./run-outputs.ts";

const keptLogLines = 10_000;

/** The groups of containers that a run has started, in the order in which a line passes them. */
export class Containers {
  readonly #groups: ContainerGroup[] = [];

  add(...groups: ContainerGroup[]): void {
    this.#groups.push(...groups);
  }

  addStack(stack: Stack): void {
    const companions = [...(stack.companions ?? []), ...(stack.monitoring?.all ?? [])];
    if (companions.length > 0)
      this.#groups.push({
        instances: companions.map(({ name }) => name),
        images: [],
        logs: async (name, tailLines) =>
          companions.find((companion) => companion.name === name)!.logs(tailLines),
      });
    this.#groups.push({
      instances: stack.instances().map(({ name }) => name),
      // Read again each time, because a fault may add images.
      get images() {
        return [...stack.images];
      },
      logs: (instance, tailLines) => stack.instance(instance).logs(tailLines),
    });
  }

  /** The images of all containers that ran so far: a fault may replace the image of a service. */
  get images(): RunDocument["images"] {
    return this.#groups.flatMap(({ images }) => images);
  }

  /** Saves the last lines that each container logged, before the containers are removed. */
  async saveLogs({ folder, redactor }: RunOutputs): Promise<void> {
    for (const group of this.#groups)
      for (const instance of group.instances)
        await folder.writeText(
          `containers/${instance}.log`,
          redactor.text(await group.logs(instance, keptLogLines)),
        );
  }
}
