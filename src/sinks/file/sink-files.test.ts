import { describe, expect, it } from "vitest";
import type { ReadProblem } from "../../base/read-problem.ts";
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

  it.each<[string, Partial<Instance>, ReadProblem]>([
    [
      "their container is gone",
      { findState: async () => undefined },
      { code: "container-gone", instance: "writer" },
    ],
    [
      "their folder is missing",
      { fileState: async () => undefined },
      { code: "no-folder", instance: "writer", folder: "/out" },
    ],
    [
      "the place does not answer",
      { findState: () => Promise.reject(new Error("engine away")) },
      { code: "file-unread", instance: "writer", file: "/out", message: "engine away" },
    ],
    [
      "one is a link",
      { streamFiles: () => streamed({ isLink: true }) },
      { code: "file-is-link", instance: "writer", file: "/out/logs" },
    ],
    [
      "the place breaks off",
      { streamFiles: () => streamed({ content: broken() }) },
      { code: "file-unread", instance: "writer", file: "/out/logs", message: "connection reset" },
    ],
  ])("are unknown where %s", async (_, instance, problem) => {
    const failed = all(filesOf({ streamFiles: () => streamed(), ...instance }));
    await expect(failed).rejects.toMatchObject({ name: "ReadError", problem });
  });

  it("are unknown where a service has several containers, or one vanishes while it is read", async () => {
    const one = { streamFiles: () => streamed() };
    await expect(all(filesOf(one, one))).rejects.toMatchObject({
      problem: { code: "several-containers", containers: 2 },
    });
    const read = filesOf(one).read("/out/logs", async () => {});
    await expect(read).rejects.toMatchObject({ problem: { code: "file-gone", file: "/out/logs" } });
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
