import Docker from "dockerode";
import { z } from "zod";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { isCheckout } from "../../base/installation.ts";
import type { PlaceDescription } from "../place.ts";
import { answerTimeoutMs, limitAnswers } from "./answer-limit.ts";
import { engineEndpoints } from "./engine-endpoints.ts";

const pingTimeoutMs = 5_000;

/**
 * Connects to the container engine: the one in DOCKER_HOST if that is set, otherwise the first that answers of the current
 * Docker context and the sockets of Docker, Docker Desktop, Colima, OrbStack, Rancher Desktop and rootless Docker.
 *
 * DOCKER_HOST is set for this process when it was not, so that testcontainers and the Compose plugin, which know fewer of
 * these places, work on the same engine.
 *
 * @throws UnavailableError naming what was tried
 */
export async function connectEngine(): Promise<Docker> {
  const failures: string[] = [];
  for (const { host, from } of await engineEndpoints(process.env)) {
    try {
      await dockerAt(host, { timeout: pingTimeoutMs }).ping();
      const docker = limitAnswers(dockerAt(host), answerTimeoutMs(process.env));
      process.env.DOCKER_HOST = host;
      return docker;
    } catch (thrown) {
      failures.push(`  ${host} (${from}): ${connectionFailure(thrown)}`);
    }
  }
  throw new UnavailableError(
    [
      "no container engine answers. Tried:",
      ...failures,
      "Start Docker (Docker Desktop, `colima start`, `sudo systemctl start docker`) or set DOCKER_HOST.",
      isCheckout
        ? "On Debian and Ubuntu `bin/setup`, run as root, installs and starts it."
        : "https://docs.docker.com/engine/install/ tells how to install it.",
    ].join("\n"),
  );
}

function dockerAt(host: string, options: Docker.DockerOptions = {}): Docker {
  // With DOCKER_HOST set, dockerode reads it itself, and the variables for TLS that go with it.
  if (process.env.DOCKER_HOST) return new Docker(options);
  if (host.startsWith("unix://")) return new Docker({ ...options, socketPath: host.slice("unix://".length) });
  const { hostname, port, protocol } = new URL(host);
  return new Docker({ ...options, host: hostname, port, protocol: protocol === "ssh:" ? "ssh" : "http" });
}

/** A name with several addresses fails with one combined error, which has a code but no message. */
function connectionFailure(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join(", ");
  return messageOf(thrown);
}

const infoSchema = z.object({ NCPU: z.number(), MemTotal: z.number(), KernelVersion: z.string() });

/** A description of the engine, by its own answer. */
export async function describeEngine(docker: Docker): Promise<PlaceDescription> {
  const [version, info] = await Promise.all([docker.version(), docker.info()]);
  const { NCPU: cpus, MemTotal: memoryBytes, KernelVersion: kernel } = infoSchema.parse(info);
  return { engine: version.Version, api: version.ApiVersion, kernel, cpus, memoryBytes };
}
