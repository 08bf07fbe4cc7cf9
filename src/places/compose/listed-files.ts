import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDataContent, isDataFileName, isDataFolder, isMachineFolder } from "./written-data.ts";

/** The bounds for what a run copies and compares of one of the user's folders. */
export const maxListedBytes = 64_000_000;
export const maxListedEntries = 10_000;

/** An entry of a folder, with everything that a copy has to keep. */
export interface ListedEntry {
  /** Relative to the folder; empty for the folder itself. */
  path: string;
  kind: "folder" | "file" | "link";
  mode: number;
  uid: number;
  gid: number;
  mtime: Date;
  /** Of a file. */
  content?: Buffer;
  /** The target, of a link. */
  linkName?: string;
}

/** The content of a folder, or a single file, without files that programs have written for themselves. */
export interface Listing {
  entries: ListedEntry[];
  /** Relative paths of data, which was left out. */
  leftOut: string[];
  /** Relative paths that this process may not read. */
  unreadable: string[];
  /** Whether there is more than the bounds allow; then the listing is incomplete. */
  isTooLarge: boolean;
}

/**
 * Lists a file, or a folder and everything below it, with contents. Data is left out, unless it should be kept; sockets and devices always.
 *
 * @param isKept whether a relative path must be kept even if it looks like data
 */
export async function listFiles(
  root: string,
  isKept: (path: string) => boolean = () => false,
): Promise<Listing> {
  const listing: Listing = { entries: [], leftOut: [], unreadable: [], isTooLarge: false };
  let bytes = 0;
  const pending = [""];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (listing.entries.length >= maxListedEntries) return { ...listing, isTooLarge: true };
    const whole = join(root, path);
    // Reading files of processes and devices may never end.
    if (path !== "" && isMachineFolder(whole)) {
      listing.leftOut.push(path);
      continue;
    }
    try {
      // A mount follows a link that is its own path; links inside it are kept as links.
      const found = path === "" ? await stat(whole) : await lstat(whole);
      const { mode, uid, gid, mtime } = found;
      const common = { path, mode: mode & 0o7777, uid, gid, mtime };
      if (found.isDirectory()) {
        const names = (await readdir(whole)).sort().reverse();
        if (!isKept(path) && isDataFolder(path && basename(path), names)) listing.leftOut.push(path);
        else {
          listing.entries.push({ ...common, kind: "folder" });
          pending.push(...names.map((name) => join(path, name)));
        }
      } else if (found.isSymbolicLink()) {
        listing.entries.push({ ...common, kind: "link", linkName: await readlink(whole) });
      } else if (found.isFile()) {
        if (!isKept(path) && isDataFileName(basename(whole))) {
          listing.leftOut.push(path);
          continue;
        }
        if (bytes + found.size > maxListedBytes) return { ...listing, isTooLarge: true };
        const content = await readFile(whole);
        bytes += content.length;
        if (!isKept(path) && isDataContent(content)) listing.leftOut.push(path);
        else listing.entries.push({ ...common, kind: "file", content });
      }
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === "EACCES" || code === "EPERM") listing.unreadable.push(path);
      // A file that disappears during the listing is left out.
      else if (code !== "ENOENT") throw thrown;
    }
  }
  return listing;
}
