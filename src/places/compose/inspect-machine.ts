import { execFile } from "node:child_process";
import { access, statfs } from "node:fs/promises";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { z } from "zod";
import { EverylineError, messageOf } from "../../base/errors.ts";
import { formatBytes } from "../../base/format-bytes.ts";
import { isCheckout } from "../../base/installation.ts";
import { type CatalogueEntry, labelOf, readCatalogue } from "../images/catalogue.ts";
import { findLocalImage } from "../images/images.ts";
import { findBrowser, findTool } from "../images/tools.ts";
import { connectEngine, describeEngine } from "./engine.ts";
import { hangsWhenContainersEndAtOnce } from "./engine-defects.ts";

const composeTimeoutMs = 10_000;
const composeInstructions = "https://docs.docker.com/compose/install/linux/";
const bytesForReports = 1_000_000_000;
const bytesForContainers = 5_000_000_000;

/** One thing that runs need, and whether it is there. */
export interface Finding {
  subject: string;
  /** `optional` is missing too, but runs are possible without it. */
  state: "ok" | "missing" | "optional";
  /** What was found. */
  found: string;
  /** What to do about it, if the state is not `ok` and `found` does not say so. */
  remedy?: string;
}

/**
 * Looks for everything that runs need, and changes nothing. What is missing is a finding, not an error.
 *
 * @param reportsDir an existing folder on the disk that reports go to
 */
export async function inspectMachine(reportsDir: string): Promise<Finding[]> {
  return [
    { subject: "Node", state: "ok", found: process.version },
    ...(await inspectEngine()),
    await inspectCompose(),
    await inspectDisk("disk for reports", reportsDir, bytesForReports),
    ...(await inspectBuildTools()),
    await inspectBrowser(),
  ];
}

async function inspectBrowser(): Promise<Finding> {
  const subject = "chromium";
  const path = await findBrowser();
  if (path !== undefined) return { subject, state: "ok", found: path };
  const remedy =
    "install it, or name one in EVERYLINE_CHROMIUM, for the tests that look at reports; no run needs it";
  return { subject, state: "optional", found: "not found", remedy };
}

async function inspectEngine(): Promise<Finding[]> {
  const subject = "engine";
  try {
    const docker = await connectEngine();
    const { engine, api, cpus, memoryBytes } = await describeEngine(docker);
    const defect = hangsWhenContainersEndAtOnce(engine)
      ? "; it can hang when containers end at the same moment, which 20.10.27 and newer do not (https://github.com/moby/moby/issues/46661)"
      : "";
    const found = `Docker ${engine}, API ${api}, ${cpus} CPUs, ${formatBytes(memoryBytes)} of memory${defect}`;
    const images = (await readCatalogue()).filter((entry) => entry.default);
    return [
      { subject, state: "ok", found },
      ...(await Promise.all(images.map((entry) => inspectImage(docker, entry)))),
      await inspectEngineDisk(docker),
    ];
  } catch (thrown) {
    if (!(thrown instanceof EverylineError)) throw thrown;
    return [{ subject, state: "missing", found: thrown.message }];
  }
}

async function inspectImage(docker: Docker, entry: CatalogueEntry): Promise<Finding> {
  const local = await findLocalImage(docker, entry);
  const subject = `image ${labelOf(entry)}`;
  if (local.state === "present") {
    return { subject, state: "ok", found: `${local.image.reference}, ${local.image.origin}` };
  }
  return { subject, state: "missing", found: local.state, remedy: "run `everyline images`" };
}

const infoSchema = z.object({ DockerRootDir: z.string() });

/** The disks that lack the space which runs need. */
export async function fullDisks(docker: Docker, reportsDir: string): Promise<Finding[]> {
  const disks = [
    await inspectDisk("disk for reports", reportsDir, bytesForReports),
    await inspectEngineDisk(docker),
  ];
  return disks.filter(({ state }) => state !== "ok");
}

async function inspectEngineDisk(docker: Docker): Promise<Finding> {
  const subject = "disk for containers";
  const { DockerRootDir: folder } = infoSchema.parse(await docker.info());
  try {
    await access(folder);
  } catch {
    // Docker Desktop and Colima keep it in a virtual machine; a user without root may not look into it.
    return { subject, state: "ok", found: `${folder} is not accessible from this process, not checked` };
  }
  return inspectDisk(subject, folder, bytesForContainers);
}

async function inspectDisk(subject: string, folder: string, neededBytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const found = `${formatBytes(freeBytes)} free at ${folder}`;
  if (freeBytes >= neededBytes) return { subject, state: "ok", found };
  return { subject, state: "missing", found, remedy: `make room: ${formatBytes(neededBytes)} are needed` };
}

async function inspectCompose(): Promise<Finding> {
  const subject = "Compose plugin";
  try {
    const command = promisify(execFile)("docker", ["compose", "version", "--short"], {
      timeout: composeTimeoutMs,
    });
    return { subject, state: "ok", found: (await command).stdout.trim() };
  } catch (thrown) {
    const [reason] = messageOf(thrown).split("\n");
    return {
      subject,
      state: "missing",
      found: `${reason}`,
      remedy: isCheckout ? "run bin/setup" : `install it: ${composeInstructions}`,
    };
  }
}

/** Everything that some image of the catalogue is built with; not needed where images can be pulled. */
async function inspectBuildTools(): Promise<Finding[]> {
  const needed = new Set((await readCatalogue()).flatMap(({ build }) => build?.needs ?? []));
  const tools = await Promise.all(
    [...needed].sort().map(async (tool) => [tool, await findTool(tool)] as const),
  );
  return tools.map(([tool, path]) =>
    path
      ? { subject: tool, state: "ok", found: path }
      : {
          subject: tool,
          state: "optional",
          found: "not found",
          remedy: "install it if images cannot be pulled here: they are built with it",
        },
  );
}
