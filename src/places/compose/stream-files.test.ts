import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { filesIn } from "./stream-files.ts";

const big = Buffer.alloc(300_000, "x");

/** An archive as the engine makes one of the folder `out`. */
async function archiveOf(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "out/", type: "directory" });
  archive.entry({ name: "out/a.log", mtime: new Date(5_000) }, "one\ntwo\n");
  archive.entry({ name: "out/below/", type: "directory" });
  archive.entry({ name: "out/below/c.log" }, "deeper\n");
  archive.entry({ name: "out/current", type: "symlink", linkname: "a.log" });
  archive.entry({ name: "out/b.log" }, big);
  archive.entry({ name: "out/empty.log" }, "");
  archive.finalize();
  return buffer(archive);
}

/** In chunks that end anywhere. */
function streamOf(bytes: Buffer): Readable {
  const size = 7_001;
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return Readable.from(chunks);
}

async function contentOf(content: AsyncIterable<Buffer>): Promise<string> {
  return (await buffer(content)).toString();
}

describe("files streamed out of an archive", () => {
  it("are those right in the folder, each to its last byte, with its time", async () => {
    const seen = [];
    for await (const { content, ...file } of filesIn(streamOf(await archiveOf()), 2))
      seen.push({ ...file, content: await contentOf(content) });
    expect(seen.map(({ name, bytes, isLink }) => [name, bytes, isLink])).toEqual([
      ["a.log", 8, false],
      ["current", 0, true],
      ["b.log", big.length, false],
      ["empty.log", 0, false],
    ]);
    expect(seen[0]).toMatchObject({ modifiedAtMs: 5_000, content: "one\ntwo\n" });
    expect(seen[2]!.content === big.toString()).toBe(true);
  });

  it("need not be taken", async () => {
    const names = [];
    for await (const { name } of filesIn(streamOf(await archiveOf()), 2)) names.push(name);
    expect(names).toEqual(["a.log", "current", "b.log", "empty.log"]);
  });

  it("fail where one is taken in part, since the next cannot be found", async () => {
    const read = async () => {
      for await (const { content } of filesIn(streamOf(await archiveOf()), 2))
        for await (const _ of content) break;
    };
    await expect(read()).rejects.toThrow("taken in part");
  });

  it.each([100, 3_000, 200_000])("fail where the archive breaks off after %d bytes", async (bytes) => {
    const cut = (await archiveOf()).subarray(0, bytes);
    const read = async () => {
      for await (const { content } of filesIn(streamOf(cut), 2)) await contentOf(content);
    };
    await expect(read()).rejects.toThrow();
  });

  it("fail where the connection breaks", async () => {
    const bytes = (await archiveOf()).subarray(0, 150_000);
    async function* broken() {
      yield bytes;
      throw new Error("the engine is gone");
    }
    const read = async () => {
      for await (const { content } of filesIn(Readable.from(broken()), 2)) await contentOf(content);
    };
    await expect(read()).rejects.toThrow();
  });
});
