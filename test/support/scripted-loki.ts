import type Docker from "dockerode";
import { type ChangedImage, changedImage } from "./changed-image.ts";

const shellImage = "everyline/node:24.21.0";
const loki = "/usr/bin/loki";

/**
 * Makes an image of Loki that runs a line of shell before it executes Loki: Loki's own image has no shell. Disposing of it removes it.
 *
 * @param lokiImage whose Loki it is
 * @param script runs first; `exit` prevents Loki from starting
 */
export async function scriptedLoki(docker: Docker, lokiImage: string, script: string): Promise<ChangedImage> {
  const entrypoint = ["sh", "-c", `${script}; exec ${loki} "$@"`, "loki"];
  return changedImage(docker, shellImage, `ENTRYPOINT ${JSON.stringify(entrypoint)}`, async (container) => {
    const source = await docker.createContainer({ Image: lokiImage });
    try {
      await container.putArchive(await source.getArchive({ path: loki }), { path: "/usr/bin" });
    } finally {
      await source.remove();
    }
  });
}
