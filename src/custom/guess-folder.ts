import type { ComposeService } from "../places/compose/compose-model.ts";
import { isConfigurationPath } from "../places/compose/configuration-path.ts";

/** The folders that a service mounts and that may hold log files, the likeliest first: by their names, and because they are read-only. */
export function foldersOf({ volumes }: ComposeService): string[] {
  const folders = volumes.filter(
    ({ target }) =>
      !isConfigurationPath(target, []) &&
      !target.endsWith(".sock") &&
      !/^\/(proc|sys|dev|run|var\/run)\b/.test(target),
  );
  const rank = ({ target, read_only }: (typeof folders)[number]) =>
    (/logs?\b/i.test(target) ? 2 : 0) + (read_only ? 1 : 0);
  return folders.sort((one, other) => rank(other) - rank(one)).map(({ target }) => target);
}
