import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { allPartsOf, type Pipeline } from "../../src/pipeline/pipeline.ts";
import { connectEngine } from "../../src/places/compose/engine.ts";
import {
  type CatalogueEntry,
  labelOf,
  readCatalogue,
  selectEntries,
} from "../../src/places/images/catalogue.ts";
import { findLocalImage, resolveEntry } from "../../src/places/images/images.ts";

const lock = join(tmpdir(), "everyline-test-images.lock");
const probeMs = 500;
/** Longer than all images take that there are. */
const probes = 7_200;

/**
 * Makes ready what a test file needs beyond what bin/setup does, and says so on stderr. To be awaited at the top of the file, where no
 * test's time is running. Files that run beside each other wait for each other, so that no image is built twice.
 *
 * @param needs pipelines, all of whose images are needed, or images as `everyline images` takes them
 */
export async function needImages(...needs: (string | Pipeline)[]): Promise<void> {
  const catalogue = await readCatalogue();
  const entries = selectEntries(catalogue, [...new Set(needs.flatMap(selectorsOf))]);
  if ((await missingOf(entries)).length === 0) return;
  await acquire();
  try {
    const missing = await missingOf(entries);
    if (missing.length === 0) return;
    say(`${missing.map(labelOf).join(", ")}: made ready first, pulled or else built, which may take minutes`);
    const options = { onProgress: say, signal: new AbortController().signal };
    const docker = await connectEngine();
    for (const entry of missing) await resolveEntry(docker, entry, options);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

function selectorsOf(need: string | Pipeline): string[] {
  if (typeof need === "string") return [need];
  return allPartsOf(need).flatMap(({ image }) => (image === undefined ? [] : [labelOf(image)]));
}

async function missingOf(entries: CatalogueEntry[]): Promise<CatalogueEntry[]> {
  const docker = await connectEngine();
  const found = await Promise.all(entries.map((entry) => findLocalImage(docker, entry)));
  return entries.filter((_, index) => found[index]!.state !== "present");
}

/** A folder can be made by one process only; that of a process which was killed is taken away. */
async function acquire(): Promise<void> {
  for (let probe = 0; probe < probes; probe++) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, "pid"), `${process.pid}`);
      return;
    } catch {
      const holder = Number(await readFile(join(lock, "pid"), "utf8").catch(() => process.pid));
      if (!isAlive(holder)) await rm(lock, { recursive: true, force: true });
      await setTimeout(probeMs);
    }
  }
  throw new Error(`somebody else builds images for longer than an hour; remove ${lock} if that is not so`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function say(text: string): void {
  process.stderr.write(`tests: ${text}\n`);
}
