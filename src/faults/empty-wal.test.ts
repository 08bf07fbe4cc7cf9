import { expect, it } from "vitest";
import type { InstanceFile } from "../places/instance.ts";
import { segmentToEmpty } from "./empty-wal.ts";

/** In this test, the content of a segment is its lines. */
const file = (name: string, lines = ""): InstanceFile => ({ name, content: Buffer.from(lines), header: {} });
const linesOf = (files: readonly InstanceFile[]) =>
  new Set(files.flatMap(({ content }) => content.toString().split(" ")).filter((line) => line !== ""));
const chosen = (files: InstanceFile[], flushedChunks = 0) => {
  const found = segmentToEmpty(files, flushedChunks, linesOf);
  return typeof found === "string" ? found : found.name;
};

it("is the oldest segment with lines, by its number, if a later one has lines", () => {
  expect(chosen([file("00000010", "c"), file("00000002", "b"), file("00000001")])).toBe("00000002");
  expect(chosen([file("00000000", "a"), file("00000001"), file("00000002", "b")])).toBe("00000000");
});

it("is none where no line would be lost, or none follows, and says why", () => {
  expect(chosen([])).toBe("no-line");
  expect(chosen([file("00000000"), file("notes", "a")])).toBe("no-line");
  expect(chosen([file("00000000", "a"), file("00000001")])).toBe("one-segment");
  const two = [file("00000000", "a"), file("00000001", "b")];
  expect(chosen([...two, file("checkpoint.000000/00000000", "a")])).toBe("checkpoint");
  expect(chosen(two, 1)).toBe("flushed");
});
