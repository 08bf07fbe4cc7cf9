import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** PATH for build scripts. Go's own installer puts it where PATH often does not look. */
export const toolPath = [process.env.PATH, "/usr/local/go/bin"].join(delimiter);

/** Where a program is, or undefined where it is not on `toolPath`. */
export async function findTool(name: string): Promise<string | undefined> {
  for (const folder of toolPath.split(delimiter)) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}
