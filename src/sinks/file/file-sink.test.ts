import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SinkUnderTest, sinkContract } from "../../../test/contracts/sink-contract.ts";
import { asFiles, fileNameOf } from "../../../test/support/files-of-streams.ts";
import { memoryPipeline, storeService } from "../../places/memory/memory-pipeline.ts";
import { MemoryPlace } from "../../places/memory/memory-place.ts";

async function started(): Promise<SinkUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "everyline-files-"));
  const place = new MemoryPlace();
  const pipeline = { ...memoryPipeline("file"), selector: "/out/*.log" };
  const stack = await place.start(pipeline, {
    runId: "files",
    folder,
    logsFolder: folder,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  const store = stack.instance(storeService);
  return {
    stack,
    ...asFiles,
    push: (labels, values) =>
      appendFile(
        store.disk.locate(`/out/${fileNameOf(labels)}`),
        values.map(([, line]) => `${line}\n`).join(""),
      ),
    stop: () => store.end("kill"),
    remove: async () => {
      await place.remove("files");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

sinkContract("files on the disk of an instance in memory", started);
