import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import type { Instance } from "../instance.ts";
import { projectLabel } from "./project.ts";

/**
 * Sends SIGKILL to the processes of several containers from one program, which sees the processes of the engine's machine. Killing one
 * container after the other takes an engine on two cores a second for seven containers, and meanwhile the remaining ones go on working.
 *
 * @param shellImage an image of the project that has a shell
 * @throws Error if not all of the processes could be killed
 */
export async function killAtOnce(
  docker: Docker,
  project: string,
  shellImage: string,
  instances: readonly Instance[],
): Promise<void> {
  const states = await Promise.all(instances.map((instance) => instance.state()));
  const pids = states.map(({ pid }) => pid).filter((pid) => pid > 0);
  const killer = await docker.createContainer({
    name: `${project}-helper-${randomBytes(2).toString("hex")}`,
    Image: shellImage,
    Entrypoint: ["bash", "-c", `kill -KILL ${pids.join(" ")}`],
    User: "0",
    Labels: { [projectLabel]: project },
    HostConfig: { PidMode: "host", NetworkMode: "none" },
  });
  try {
    await killer.start();
    const { StatusCode: exitCode } = await killer.wait();
    if (exitCode !== 0) throw new Error(`not all of the processes ${pids.join(", ")} could be killed`);
  } finally {
    await killer.remove({ force: true });
  }
}
