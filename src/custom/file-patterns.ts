import { basename, dirname, join, matchesGlob } from "node:path";
import type { ComposeMount } from "../places/compose/compose-model.ts";
import type { ShippedFiles } from "../products/shipper-settings.ts";

/** Where a run can write files that a shipper reads. */
export interface FilePlace {
  /** In the shipper's container. */
  folder: string;
  /** The names of the files, with at most one `*`; undefined for `*.log`. */
  file?: string | undefined;
  /** Whether it is a file that is itself mounted. */
  isMountedFile: boolean;
}

const maxAlternatives = 64;
/** The part of a name that a run puts in the place of `*`. */
const ownPart = "app-1";
/** For a wildcard in the name of a folder that nothing mounted is called like. */
const madeUp = "everyline";

/** The patterns of which one with `{a,b}` consists. */
export function alternativesOf(glob: string): string[] {
  const [whole, before, inner, after] = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob) ?? [];
  if (whole === undefined) return [glob];
  return inner!
    .split(",")
    .flatMap((one) => alternativesOf(`${before}${one}${after}`))
    .slice(0, maxAlternatives);
}

/**
 * Where files can be that a shipper reads by one of its patterns: in the mounted folders that fit, or else where the pattern says.
 *
 * @returns none if no name of a file fits
 */
export function placesOf(glob: string, files: ShippedFiles, mounts: readonly ComposeMount[]): FilePlace[] {
  if (mounts.some(({ target }) => target === glob))
    return [{ folder: dirname(glob), file: basename(glob), isMountedFile: true }];
  const mounted = mounts.map(({ target }) => target).filter((target) => mayBeFolder(target, glob));
  const named = folderOf(glob);
  const folders = [...new Set([...mounted, named])];
  return folders.flatMap((folder) => {
    const file = nameFor(glob, folder, files);
    return file === undefined
      ? []
      : [{ folder, file: file === "*.log" ? undefined : file, isMountedFile: false }];
  });
}

/** Whether files directly in a folder may fit a pattern. */
function mayBeFolder(folder: string, glob: string): boolean {
  const name = basename(glob);
  return matchesGlob(join(folder, exampleOf(name)), glob);
}

/** The folder of a pattern, with a name in the place of each wildcard. */
function folderOf(glob: string): string {
  const parts = dirname(glob)
    .split("/")
    .filter((part) => part !== "**");
  return parts.map((part) => (part === "*" ? madeUp : exampleOf(part))).join("/") || "/";
}

/** A name of files in a folder that a pattern takes, and no exclusion. */
function nameFor(glob: string, folder: string, { excluded }: ShippedFiles): string | undefined {
  const fits = (name: string) => {
    const path = join(folder, name.replace("*", ownPart));
    return (
      matchesGlob(path, glob) &&
      !excluded.some((one) => matchesGlob(path, one) || matchesGlob(basename(path), one))
    );
  };
  const last = basename(glob);
  const [first = "", ...rest] = last.split("*");
  // One wildcard is left; the others stand for nothing, or for something made up.
  const candidates = ["*.log", last, `${first}*${rest.join("")}`, `${first}*${rest.join("x")}`].map((name) =>
    /[?[]/.test(name) ? exampleOf(name, "*") : name,
  );
  return candidates.filter((name) => name.split("*").length <= 2 && name !== "").find(fits);
}

/** A name that a pattern takes. */
function exampleOf(pattern: string, star = ownPart): string {
  return pattern
    .replace(/\*+/g, star)
    .replaceAll("?", "x")
    .replace(/\[!?\]?([^\]])[^\]]*\]/g, (whole, first: string) => (whole.startsWith("[!") ? "_" : first));
}
