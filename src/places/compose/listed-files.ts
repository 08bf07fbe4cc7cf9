import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDataContent, isDataFileName, isDataFolder, isMachineFolder } from "./written-data.ts";

/** A run copies no more of one folder of the user's, and compares no more. */
export const maxListedBytes = 64_000_000;
export const maxListedEntries = 10_000;

/** Something in a folder, with what has to be kept where it is copied. */
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
  /** Of a link: where it points. */
  linkName?: string;
}

/** What is in a folder, or a file by itself, without what programs have written there for themselves. */
export interface Listing {
  entries: ListedEntry[];
  /** Relative paths of what is data, and so was left out. */
  leftOut: string[];
  /** Relative paths of what this process may not read. */
  unreadable: string[];
  /** Whether there is more than the bounds allow; then it is cut off. */
  isTooLarge: boolean;
}

/**
 * Lists a file, or a folder and all below it, with contents. What is data is left out, unless it is to be kept; sockets and devices always.
 *
 * @param isKept whether a relative path is no data, whatever it looks like
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
    // Reading what processes and devices show as files may never end.
    if (path !== "" && isMachineFolder(whole)) {
      listing.leftOut.push(path);
      continue;
    }
    try {
      // A mount follows a link that stands for all of it; links within are what they are.
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
      // What goes while it is looked at is not there.
      else if (code !== "ENOENT") throw thrown;
    }
  }
  return listing;
}
