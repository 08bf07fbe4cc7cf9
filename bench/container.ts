import { symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pause } from "../src/base/abortable-pause.ts";
import { UnavailableError } from "../src/base/errors.ts";
import { measured } from "./measure.ts";

const probeMs = 500;
const readyWithinMs = 120_000;
const never = new AbortController().signal;

/** A container that a benchmark has started, removed when it is disposed of. */
export interface Container extends AsyncDisposable {
  name: string;
}

/** What to start. */
interface ContainerOptions {
  image: string;
  /** What stands between `docker run` and the image. */
  options: string;
  /** What stands behind the image. */
  args?: string;
  /** A command that exits with 0 when the container of this name answers. */
  probe: (name: string) => string;
}

/**
 * Starts a container, and waits until what is in it answers.
 *
 * @param folder of the benchmark
 * @throws UnavailableError if there is no such image, or it does not answer in time
 */
export async function startContainer(
  folder: string,
  { image, options, args = "", probe }: ContainerOptions,
): Promise<Container> {
  const name = `everyline-bench-${process.pid}-${Date.now()}`;
  await measured(`docker run --detach --name ${name} --memory 3g ${options} ${image} ${args}`, folder);
  const container = {
    name,
    async [Symbol.asyncDispose]() {
      await measured(`docker rm --force --volumes ${name}`, folder);
    },
  };
  const deadlineMs = Date.now() + readyWithinMs;
  while (Date.now() < deadlineMs) {
    const { stdout } = await measured(`if ${probe(name)} >/dev/null 2>&1; then echo ready; fi`, folder);
    if (stdout.includes("ready")) return container;
    await pause(probeMs, never);
  }
  await container[Symbol.asyncDispose]();
  throw new UnavailableError(`${image} has not answered within ${readyWithinMs / 1_000} s`);
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

/** Makes the programs of this folder known in the folder of a benchmark, so that commands have short paths. */
export async function withPrograms(folder: string): Promise<void> {
  await symlink(join(import.meta.dirname, "programs"), join(folder, "programs"));
}
