import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { UsageError } from "../../base/errors.ts";
import { formatBytes } from "../../base/format-bytes.ts";
import type { OtherMount } from "./compose-override.ts";
import { listArchive } from "./listed-archive.ts";
import { type ListedEntry, maxListedBytes } from "./listed-files.ts";
import type { OwnMount } from "./own-mounts.ts";
import { projectLabel } from "./project.ts";

const volumePrefix = "everyline-data";
const helperFolder = "/everyline";
/** Every user in a container may write into a folder that starts empty. */
const emptyMode = 0o777;

/**
 * The replacement of each mount, for the override file. Files are copied here; folders become volumes, which `fillVolumes` fills.
 *
 * @param copies the folder of the copied files
 */
export async function otherMounts(mounts: readonly OwnMount[], copies: string): Promise<OtherMount[]> {
  const others = mounts.map(async (mount, index) => {
    const kind = mount.kind === "file" ? ("file" as const) : ("folder" as const);
    const source = kind === "file" ? await copyFile(mount, join(copies, `${index + 1}`)) : volumeKey(index);
    return mount.places.map((place) => ({ ...place, kind, source }));
  });
  return (await Promise.all(others)).flat();
}

function volumeKey(index: number): string {
  return `${volumePrefix}-${index + 1}`;
}

async function copyFile({ source, entries }: OwnMount, folder: string): Promise<string> {
  const [entry] = entries;
  const copy = join(folder, basename(source));
  await mkdir(folder, { recursive: true });
  await writeFile(copy, entry?.content ?? "");
  await chmod(copy, entry?.mode ?? emptyMode);
  // Only root can give the copy its owner; otherwise it belongs to this user.
  if (entry !== undefined && process.getuid?.() === 0) await chown(copy, entry.uid, entry.gid);
  return copy;
}

/**
 * Fills the volumes of a project, whose containers are created but not started yet, with the user's content. This goes through the engine,
 * because it may be on another machine, and so that files keep their owners and modes.
 *
 * @throws UsageError if a volume of the user's holds more than can be copied
 */
export async function fillVolumes(
  docker: Docker,
  project: string,
  mounts: readonly OwnMount[],
): Promise<void> {
  const filled = mounts.flatMap((mount, index) => (mount.kind === "file" ? [] : [{ mount, index }]));
  if (filled.length === 0) return;
  const helper = await createHelper(docker, project, filled);
  try {
    for (const { mount, index } of filled) {
      if (mount.kind === "volume") Object.assign(mount, await listVolume(helper, mount, index));
      await helper.putArchive(archiveOf(`to-${index}`, mount.entries), { path: helperFolder });
    }
  } finally {
    await helper.remove({ force: true });
  }
}

/** A container that mounts all of the volumes; it is never started. */
async function createHelper(
  docker: Docker,
  project: string,
  filled: { mount: OwnMount; index: number }[],
): Promise<Docker.Container> {
  const label = [`${projectLabel}=${project}`];
  const [container] = await docker.listContainers({ all: true, filters: { label } });
  const volume = (source: string, target: string, readOnly: boolean) => ({
    Type: "volume" as const,
    Source: source,
    Target: `${helperFolder}/${target}`,
    ReadOnly: readOnly,
    VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } },
  });
  return docker.createContainer({
    name: `${project}-files-${randomBytes(2).toString("hex")}`,
    Image: container!.ImageID,
    Entrypoint: ["never-started"],
    Labels: { [projectLabel]: project },
    HostConfig: {
      NetworkMode: "none",
      Mounts: filled.flatMap(({ mount, index }) => [
        volume(`${project}_${volumeKey(index)}`, `to-${index}`, false),
        ...(mount.kind === "volume" ? [volume(mount.source, `from-${index}`, true)] : []),
      ]),
    },
  });
}

async function listVolume(helper: Docker.Container, { source, places }: OwnMount, index: number) {
  const archive = await helper.getArchive({ path: `${helperFolder}/from-${index}/.` });
  const { entries, leftOut, isTooLarge } = await listArchive(archive as Readable);
  if (!isTooLarge) return { entries, leftOut };
  const [{ service, target }] = places as [OwnMount["places"][number]];
  throw new UsageError(
    `the volume ${source}, which ${service} mounts at ${target}, is too large to be copied for a run: more than ` +
      `${formatBytes(maxListedBytes)}. If what is there is data that a run may start without, add \`mounts: { empty: ["${target}"] }\` ` +
      "to the configuration.",
  );
}

/** Adds the folder itself as an entry, because the engine applies its owner and mode only to a named entry. */
function archiveOf(folder: string, entries: readonly ListedEntry[]): NodeJS.ReadableStream {
  const archive = pack();
  if (entries.length === 0) archive.entry({ name: folder, type: "directory", mode: emptyMode });
  for (const { path, kind, mode, uid, gid, mtime, content, linkName } of entries) {
    const header = { name: join(folder, path), mode, uid, gid, mtime };
    if (kind === "folder") archive.entry({ ...header, type: "directory" });
    else if (kind === "link") archive.entry({ ...header, type: "symlink", linkname: linkName! });
    else archive.entry({ ...header, size: content!.length }, content!);
  }
  archive.finalize();
  return archive;
}
