import { randomBytes } from "node:crypto";
import type Docker from "dockerode";

/** An image that differs from another in one thing, and therefore has a different id. */
export interface ChangedImage extends AsyncDisposable {
  reference: string;
}

/**
 * Makes an image from another; disposing of it removes it.
 *
 * @param change an instruction of a Dockerfile: `LABEL …`, `ENTRYPOINT …`
 * @param prepare puts files into it first
 */
export async function changedImage(
  docker: Docker,
  base: string,
  change: string,
  prepare: (container: Docker.Container) => Promise<void> = async () => {},
): Promise<ChangedImage> {
  const repository = `everyline-test-${randomBytes(4).toString("hex")}`;
  const container = await docker.createContainer({ Image: base });
  try {
    await prepare(container);
    await container.commit({ repo: repository, tag: "changed", changes: change });
  } finally {
    await container.remove();
  }
  const reference = `${repository}:changed`;
  return {
    reference,
    async [Symbol.asyncDispose]() {
      await docker.getImage(reference).remove();
    },
  };
}
