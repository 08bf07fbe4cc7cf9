import { join } from "node:path";
import { isWithin } from "./configuration-path.ts";

/**
 * The path on the engine's machine that a container sees at one of its own paths, by the innermost mount there.
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
