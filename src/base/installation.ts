import { homedir } from "node:os";
import { extname, join } from "node:path";

/** How the files of this program's modules end: `.ts` in a checkout, which Node runs as it is, and `.js` in the npm package. */
export const moduleExtension = extname(import.meta.filename);

/** Whether this program runs from a checkout; otherwise it runs from the npm package, which is compiled into its folder `dist`. */
export const isCheckout = moduleExtension === ".ts";

/** The folder of the checkout, or of the installed npm package. Both have `package.json`, `fixtures` and `docs` in it. */
export const installedFolder = join(import.meta.dirname, isCheckout ? "../.." : "../../..");

/** How this program is called in commands that reports and messages show. */
export const programName = isCheckout ? "bin/everyline" : "npx everyline";

/**
 * The folder for files that can be made again. In a checkout it is a folder there. An installed package may be read-only and is replaced by
 * an update, so it has the user's folder for caches instead.
 *
 * @param env may name another folder for caches in XDG_CACHE_HOME, as the XDG Base Directory Specification says
 */
export function cacheFolder(env: NodeJS.ProcessEnv, isInstalled = !isCheckout): string {
  if (!isInstalled) return join(installedFolder, ".everyline");
  const { XDG_CACHE_HOME: named } = env;
  return join(named?.startsWith("/") ? named : join(homedir(), ".cache"), "everyline");
}
