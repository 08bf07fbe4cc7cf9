import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { logsOf } from "./container.ts";
import { projectLabel, serviceLabel } from "./project.ts";

const shownLines = 5;

/**
 * The error of a start that failed, with the last lines of the containers because of which it may have: those that have ended with an error, or
 * are not healthy. Compose names only the container.
 */
export async function withLastLines(docker: Docker, project: string, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof UnavailableError)) return thrown;
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [`${projectLabel}=${project}`] },
  });
  const failed = containers.filter(({ State, Status }) =>
    State === "exited" ? !Status.startsWith("Exited (0)") : /unhealthy|Restarting/.test(Status),
  );
  const told = failed.map(async ({ Id, Labels, Status }) => {
    const lines = (await logsOf(docker.getContainer(Id), shownLines)).trim() || "(nothing)";
    return `The last lines of ${Labels[serviceLabel]} (${Status}) were:\n${lines}`;
  });
  if (told.length === 0) return thrown;
  return new UnavailableError([messageOf(thrown), ...(await Promise.all(told))].join("\n"), {
    cause: thrown,
  });
}
