import type Docker from "dockerode";
import { z } from "zod";

const notFound = z.object({ statusCode: z.literal(404) });

/** The engine's description of an image, by reference or id; undefined if it has no such image. */
export async function inspectImage(
  docker: Docker,
  reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (thrown) {
    if (notFound.safeParse(thrown).success) return undefined;
    throw thrown;
  }
}
