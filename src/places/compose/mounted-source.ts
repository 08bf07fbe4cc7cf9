import { join } from "node:path";
import { isWithin } from "./configuration-path.ts";

/**
 * What a container sees of the engine's machine at a path, by the innermost of its mounts there.
 *
 * @param mounts of the container; a volume's source is its name
 * @returns undefined if nothing is mounted there, or an anonymous volume is
 */
export function sourceAt<Mount extends { source?: string | undefined; target: string }>(
  mounts: readonly Mount[],
  path: string,
): { mount: Mount; source: string } | undefined {
  const [mount] = mounts
    .filter(({ target }) => isWithin(path, target))
    .sort((one, other) => other.target.length - one.target.length);
  if (!mount?.source) return undefined;
  return { mount, source: join(mount.source, path.slice(mount.target.length)) };
}
