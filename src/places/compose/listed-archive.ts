import { once } from "node:events";
import { basename, dirname } from "node:path";
import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { isWithin } from "./configuration-path.ts";
import { type ListedEntry, type Listing, maxListedBytes, maxListedEntries } from "./listed-files.ts";
import { isDataContent, isDataFileName, isDataFolder } from "./written-data.ts";

const kinds = { directory: "folder", file: "file", symlink: "link" } as const;

/**
 * Reads the engine's archive of a folder, up to the bounds of a listing.
 *
 * @param maxBytes of all files together
 * @returns entries with paths relative to the first folder of the archive, or to `./`; `isTooLarge` if it exceeded a bound
 */
export async function readArchive(
  archive: Readable,
  maxBytes = maxListedBytes,
): Promise<Pick<Listing, "entries" | "isTooLarge">> {
  const entries: ListedEntry[] = [];
  let isTooLarge = false;
  let bytes = 0;
  const unpacking = extract();
  unpacking.on(
    "entry",
    ({ name, type, size = 0, mode = 0, uid = 0, gid = 0, mtime, linkname }, stream, next) => {
      bytes += size;
      if (bytes > maxBytes || entries.length >= maxListedEntries) {
        isTooLarge = true;
        unpacking.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const kind = kinds[type as keyof typeof kinds];
        const path = relativePath(name);
        const common = { path, mode, uid, gid, mtime: mtime ?? new Date(0) };
        if (kind === "file") entries.push({ ...common, kind, content: Buffer.concat(chunks) });
        else if (kind === "link") entries.push({ ...common, kind, linkName: linkname ?? "" });
        else if (kind === "folder") entries.push({ ...common, kind });
        else if (type === "link") {
          // A hard link to an earlier file.
          const first = entries.find((entry) => entry.path === relativePath(linkname ?? ""));
          if (first?.content !== undefined) entries.push({ ...common, kind: "file", content: first.content });
        }
        next();
      });
    },
  );
  const ended = Promise.race([once(unpacking, "finish"), once(unpacking, "close")]);
  archive.on("error", (thrown) => unpacking.destroy(thrown));
  archive.pipe(unpacking);
  try {
    await ended;
  } finally {
    archive.destroy();
  }
  return { entries, isTooLarge };
}

/** The same without files that programs have written for themselves; see `listFiles`. */
export async function listArchive(archive: Readable): Promise<Omit<Listing, "unreadable">> {
  const { entries, isTooLarge } = await readArchive(archive);
  const leftOut: string[] = [];
  const within = Map.groupBy(entries, ({ path }) => dirname(path));
  const kept = entries.filter(({ path, kind, content }) => {
    const names = kind === "folder" ? (within.get(path || ".") ?? []) : [];
    const isData =
      kind === "folder"
        ? isDataFolder(
            basename(path),
            names.map((entry) => basename(entry.path)),
          )
        : isDataFileName(basename(path)) || (content !== undefined && isDataContent(content));
    if (leftOut.some((folder) => folder === "" || isWithin(path, folder))) return false;
    if (isData) leftOut.push(path);
    return !isData;
  });
  return { entries: kept, leftOut, isTooLarge };
}

/** The path after `./`, or after the name of the requested folder. */
function relativePath(name: string): string {
  return name.replace(/\/$/, "").split("/").slice(1).join("/");
}
