import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryPipeline, storeService } from "../../src/places/memory/memory-pipeline.ts";
import { MemoryPlace } from "../../src/places/memory/memory-place.ts";

/**
 * A stack in memory that ends in files, and the files on its disk.
 *
 * @param path what the sink reads, in `/out`
 */
export async function filesInMemory(path: string) {
  const folder = await mkdtemp(join(tmpdir(), "everyline-files-"));
  const place = new MemoryPlace();
  const stack = await place.start(
    { ...memoryPipeline("file"), selector: path },
    {
      runId: "files",
      folder,
      logsFolder: folder,
      onProgress: () => {},
      signal: new AbortController().signal,
    },
  );
  const store = stack.instance(storeService);
  return {
    stack,
    store,
    /** Where a file of the sink is on this machine. */
    file: (name: string) => store.disk.locate(`/out/${name}`),
    remove: async () => {
      await place.remove("files");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
