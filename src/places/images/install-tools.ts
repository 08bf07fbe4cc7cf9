import { UnavailableError } from "../../base/errors.ts";
import { runProcessGroup } from "../../base/process-group.ts";
import type { ImageOptions } from "./image-options.ts";
import { findTool } from "./tools.ts";

/** The Debian packages that bring the programs which image builds need, and the tests of reports. */
const packagesOf: Record<string, string[]> = {
  mmdebstrap: ["mmdebstrap", "debian-archive-keyring"],
  mvn: ["maven"],
  java: ["default-jre-headless"],
  chromium: ["chromium", "fonts-inter"],
};

const totalMs = 10 * 60_000;

/**
 * Makes sure that programs are there: where one is missing that apt has a package of, and this process may
 * install packages (root, on Debian or Ubuntu), it is announced and installed. Everywhere else nothing is changed.
 *
 * @returns the programs that are still missing
 * @throws UnavailableError with apt's last words
 */
export async function installTools(tools: string[], { onProgress, signal }: ImageOptions): Promise<string[]> {
  const missing = await missingOf(tools);
  const packages = missing.flatMap((tool) => packagesOf[tool] ?? []);
  if (packages.length === 0 || process.getuid?.() !== 0 || !(await findTool("apt-get"))) return missing;
  onProgress(`installing ${packages.join(" ")} (apt-get install)`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(totalMs)]),
    onLine: () => {},
  };
  try {
    // Some source of packages may be out of reach that is not needed; the installation tells.
    await runProcessGroup("apt-get", ["-qq", "update"], options).catch(() => {});
    const install = ["-qq", "install", "-y", "--no-install-recommends", ...packages];
    await runProcessGroup("apt-get", install, options);
  } catch (thrown) {
    signal.throwIfAborted();
    throw new UnavailableError(`installing ${packages.join(" ")} failed: ${thrown}`, { cause: thrown });
  }
  return missingOf(tools);
}

async function missingOf(tools: string[]): Promise<string[]> {
  const found = await Promise.all(tools.map(findTool));
  return tools.filter((_, index) => found[index] === undefined);
}
