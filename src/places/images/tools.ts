import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** PATH for build scripts. Go's own installer puts it where PATH often does not look. */
export const toolPath = [process.env.PATH, "/usr/local/go/bin"].join(delimiter);

/** Where a program is; undefined if it is not on `toolPath`. */
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

/** The names of Chromium on various systems. */
const browserNames = ["chromium", "chromium-browser", "google-chrome"];

/** The browser in which tests check reports: the one that EVERYLINE_CHROMIUM names, or one on the path. */
export async function findBrowser(): Promise<string | undefined> {
  const { EVERYLINE_CHROMIUM: named } = process.env;
  if (named !== undefined && named !== "") return named;
  for (const name of browserNames) {
    const path = await findTool(name);
    if (path !== undefined) return path;
  }
  return undefined;
}
