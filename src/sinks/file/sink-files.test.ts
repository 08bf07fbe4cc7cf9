import { describe, expect, it } from "vitest";
import type { Instance, StreamedFile } from "../../places/instance.ts";
import { memoryPipeline } from "../../places/memory/memory-pipeline.ts";
import { SinkFiles } from "./sink-files.ts";

const there = { bytes: 1, modifiedAt: "" };

/** Files of instances that have no more than what is asked of them. */
function filesOf(...instances: Partial<Instance>[]): SinkFiles {
  const whole = instances.map((instance) => ({
    name: "writer",
    findState: async () => ({ running: false }),
    fileState: async () => there,
    ...instance,
  })) as unknown as Instance[];
  const pipeline = { ...memoryPipeline("file"), selector: "/out/logs*" };
  return new SinkFiles({ pipeline, instances: () => whole });
}

async function* streamed(...files: Partial<StreamedFile>[]): AsyncGenerator<StreamedFile> {
  for (const file of files)
    yield { name: "logs", bytes: 0, modifiedAtMs: 0, isLink: false, content: empty(), ...file };
}

async function* empty(): AsyncGenerator<Buffer> {}

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from("a line\n");
  throw new Error("connection reset");
}

async function all(files: SinkFiles): Promise<string[]> {
  const paths = [];
  for await (const { path, content } of files.all()) {
    for await (const _ of content);
    paths.push(path);
  }
  return paths;
}

describe("the files of a sink", () => {
  it("are those that the last part of the path matches, whether their writer runs or not", async () => {
    const streamFiles = () => streamed({ name: "logs" }, { name: "lo" }, { name: "logs.1" });
    expect(await all(filesOf({ streamFiles }))).toEqual(["/out/logs", "/out/logs.1"]);
  });

  it.each<[string, Partial<Instance>, RegExp]>([
    ["their container is gone", { findState: async () => undefined }, /container of writer is gone/],
    ["their folder is missing", { fileState: async () => undefined }, /no folder \/out in writer/],
    [
      "the place does not answer",
      { findState: () => Promise.reject(new Error("engine away")) },
      /writer could not be read: engine away/,
    ],
    [
      "one is a link",
      { streamFiles: () => streamed({ isLink: true }) },
      /logs of writer is a link; name the file/,
    ],
    [
      "the place breaks off",
      { streamFiles: () => streamed({ content: broken() }) },
      /\/out\/logs of writer could not be read: connection reset/,
    ],
  ])("are unknown where %s", async (_, instance, message) => {
    const failed = all(filesOf({ streamFiles: () => streamed(), ...instance }));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ name: "ReadError" });
  });

  it("are unknown where a service has several containers, or one vanishes while it is read", async () => {
    const one = { streamFiles: () => streamed() };
    await expect(all(filesOf(one, one))).rejects.toThrow(
      /has 2 containers; files can be read from one alone/,
    );
    const read = filesOf(one).read("/out/logs", async () => {});
    await expect(read).rejects.toThrow(/renamed or removed while it was read/);
  });

  it("pass on what their reader throws", async () => {
    const files = filesOf({ streamFiles: () => streamed({}) });
    const read = files.read("/out/logs", () => Promise.reject(new RangeError("mine")));
    await expect(read).rejects.toThrow(RangeError);
  });

  it("are refused where a place cannot read files", () => {
    expect(() => filesOf({})).toThrow("the pipeline runs where nobody can read the files of an instance.");
  });
});
