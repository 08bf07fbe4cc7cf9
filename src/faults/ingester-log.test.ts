import { expect, it } from "vitest";
import type { LoadWriter } from "../load/load-writer.ts";
import { hasCheckpoint, lineFinder, segmentsIn } from "./ingester-log.ts";

const file = (name: string) => ({ name, content: Buffer.alloc(0), header: {} });
const record = (text: string) => ({ offset: 0, firstBytes: 0, payload: Buffer.from(text) });
const finderOf = (line?: string) => lineFinder({ plan: { seed: "s1", line } } as unknown as LoadWriter);

it("takes files with a number for segments, the oldest first, and knows a checkpoint", () => {
  const files = ["00000010", "checkpoint.000009/00000000", "00000009", "00000009.tmp"].map(file);
  expect(segmentsIn(files).map(({ name }) => name)).toEqual(["00000009", "00000010"]);
  expect(hasCheckpoint(files)).toBe(true);
  expect(hasCheckpoint(segmentsIn(files))).toBe(false);
});

it("finds each line of the run once, and no sentinel, nor a line of another run", () => {
  const text =
    '{"id":"s1/app-1/1"} {"id":"s1/app-1/1"} {"id":"s1/app-1/0"} {"id":"s2/app-1/3"} \u0000{"id":"s1/app-2/12"}';
  expect([...finderOf()([record(text), record('{"id":"s1/app-2/13"}')])]).toEqual([
    "app-1/1",
    "app-2/12",
    "app-2/13",
  ]);
  expect([...finderOf("{line}")([record('id=s1/app-1/7 Test log {"id":"s1/app-1/8"}')])]).toEqual([
    "app-1/7",
  ]);
});
