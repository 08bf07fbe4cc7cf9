import { appendFile } from "node:fs/promises";
import { type SinkUnderTest, sinkContract } from "../../../test/contracts/sink-contract.ts";
import { filesInMemory } from "../../../test/support/files-in-memory.ts";
import { asFiles, fileNameOf } from "../../../test/support/files-of-streams.ts";

async function started(): Promise<SinkUnderTest> {
  const { stack, store, file, remove } = await filesInMemory("/out/*.log");
  return {
    stack,
    ...asFiles,
    push: (labels, values) =>
      appendFile(file(fileNameOf(labels)), values.map(([, line]) => `${line}\n`).join("")),
    stop: () => store.end("kill"),
    remove,
  };
}

sinkContract("files on the disk of an instance in memory", started);
