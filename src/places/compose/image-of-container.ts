import type Docker from "dockerode";
import { describeImage } from "../images/images.ts";
import type { StackImage } from "../stack-image.ts";

/** The image that a container runs, as the engine knows it. */
export async function imageOfContainer(
  docker: Docker,
  service: string,
  containerId: string,
): Promise<StackImage> {
  const { Image: id, Config: config } = await docker.getContainer(containerId).inspect();
  const { sizeBytes: _, ...image } = describeImage(config.Image, await docker.getImage(id).inspect());
  return { service, ...image };
}
