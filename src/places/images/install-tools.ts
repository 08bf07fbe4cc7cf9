import { UnavailableError } from "../../base/errors.ts";
import { runProcessGroup } from "../../base/process-group.ts";
import type { ImageOptions } from "./image-options.ts";
import { findTool } from "./tools.ts";

/** The Debian packages with the programs that image builds and the tests of reports need. */
const packagesOf: Record<string, string[]> = {
  mmdebstrap: ["mmdebstrap", "debian-archive-keyring"],
  mvn: ["maven"],
  java: ["default-jre-headless"],
  chromium: ["chromium", "fonts-inter"],
};

const totalMs = 10 * 60_000;

/**
 * Makes sure that programs are installed. Missing programs with a known apt package are announced and installed if this process may do so
 * (as root, on Debian or Ubuntu). Otherwise nothing is changed.
 *
 * @returns the programs that are still missing
 * @throws UnavailableError with the last lines of apt's output
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
    // A package source that is not needed may be unreachable; the installation shows whether it matters.
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
