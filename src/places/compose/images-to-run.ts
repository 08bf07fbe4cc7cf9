import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import type { OwnDeployment } from "../../pipeline/pipeline.ts";
import type { ImageOptions } from "../images/image-options.ts";
import { resolveReference } from "../images/images.ts";
import { inspectImage } from "../images/inspect-image.ts";
import type { ComposeModel } from "./compose-model.ts";

/** The images of the services that a run would start. */
interface ImagesToRun {
  /** By service, those that are overridden, or that the catalogue knows by another name than the one in the Compose file. */
  images: Map<string, string>;
  /** By service, why its image cannot be had. Only services that others merely depend on. */
  unavailable: Map<string, string>;
}

/**
 * Makes sure that the engine has the images of the services that a run starts. Images with a `build` section are left to Compose, except
 * those that a run can do without.
 *
 * @param build builds the image of a service
 * @throws UnavailableError if the image of a service is not available that a part names, or that another service addresses
 */
export async function imagesToRun(
  docker: Docker,
  model: ComposeModel,
  { services, images: wanted }: Pick<OwnDeployment, "services" | "images">,
  options: ImageOptions,
  build: (service: string) => Promise<void>,
): Promise<ImagesToRun> {
  const images = new Map<string, string>();
  const unavailable = new Map<string, string>();
  for (const service of services.started) {
    const { image: written, build: isBuilt } = model.services[service]!;
    const other = wanted.get(service);
    const isSpare = services.needs.get(service)?.code === "dependency";
    const image = other ?? written;
    try {
      if (other === undefined && isBuilt !== undefined) {
        // Compose builds it if it is missing; it may not be in any registry.
        const isThere = written !== undefined && (await inspectImage(docker, written)) !== undefined;
        if (isSpare && !isThere) await build(service);
      } else if (image !== undefined) {
        const { reference } = await resolveReference(docker, image, options);
        if (reference !== written) images.set(service, reference);
      }
    } catch (thrown) {
      options.signal.throwIfAborted();
      if (!(thrown instanceof UnavailableError)) throw thrown;
      if (!isSpare) throw inContext(thrown, service, image!);
      const what =
        isBuilt === undefined ? `its image ${image} is not available` : "its image cannot be built";
      unavailable.set(service, `${what}: ${messageOf(thrown)}`);
    }
  }
  return { images, unavailable };
}

function inContext(thrown: UnavailableError, service: string, image: string): UnavailableError {
  return new UnavailableError(
    `the image ${image} of the service ${service} is not available: ${messageOf(thrown)}\n` +
      `Make \`docker pull ${image}\` work, or name another image: --image ${service}=REFERENCE.`,
    { cause: thrown },
  );
}
