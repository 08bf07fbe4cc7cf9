import { describe, expect, it } from "vitest";
import type { Rotation } from "../load/load-plan.ts";
import { describeEvidence } from "../report/words/describe-evidence.ts";
import type { FaultContext } from "./fault.ts";
import { rotate } from "./rotate.ts";

/** What the rotations of two files with 50 lines each show. */
async function proofOf(...rotations: Rotation[]) {
  return proofIn(["app-1.log", "app-2.log"], rotations);
}

/** The same of files with these names. */
async function proofIn(fileNames: string[], rotations: Rotation[]) {
  const plan = { lines: 100, sources: ["app-1", "app-2"] };
  const writer = { plan, location: { fileNames }, rotate: async () => rotations };
  const context = { writer } as unknown as FaultContext;
  const fault = rotate.create({ kind: "rotate", target: "source", method: "rename-create" }, context);
  await fault.inject();
  const { effective, evidence } = await fault.prove();
  return { effective, evidence: evidence.map((each) => describeEvidence("rotate", each)) };
}

const rotated = (source: string, afterSequence: number, bytes = 5_000) => ({ source, bytes, afterSequence });

describe("a rotation", () => {
  it("is proven by what each file held, with lines before and after", async () => {
    expect(await proofOf(rotated("app-1", 1), rotated("app-2", 49))).toEqual({
      effective: true,
      evidence: [
        "rename-create: app-1.log of 5000 bytes after line 1",
        "rename-create: app-2.log of 5000 bytes after line 49",
      ],
    });
  });

  it("names the files that the container engine keeps, and whose lines stand in them", async () => {
    const files = ["3f2a-json.log", "9c01-json.log"];
    expect(await proofIn(files, [rotated("app-1", 20)])).toEqual({
      effective: false,
      evidence: [
        "rename-create: 3f2a-json.log (app-1) of 5000 bytes after line 20",
        "rename-create: 9c01-json.log (app-2) was not rotated",
      ],
    });
  });

  it("is told of a run that was stored without the names of files", () => {
    const found = {
      code: "rotated",
      method: "own",
      source: "app-1",
      bytes: 9,
      afterSequence: 3,
      lastSequence: 50,
    };
    expect(describeEvidence("rotate", found)).toBe("own: app-1.log of 9 bytes after line 3");
  });

  it.each([
    [
      "a file was empty",
      [rotated("app-1", 20, 0), rotated("app-2", 20)],
      "app-1.log of 0 bytes after line 20: it was empty",
    ],
    [
      "a file held no line",
      [rotated("app-1", 20), rotated("app-2", 0, 200)],
      "after line 0: no line stood in it",
    ],
    [
      "no line followed",
      [rotated("app-1", 50), rotated("app-2", 20)],
      "after line 50: no line was to follow",
    ],
    ["one file was left out", [rotated("app-2", 20)], "app-1.log was not rotated"],
    ["the load had ended", [], "nothing was rotated before the load ended"],
  ])("is not proven if %s", async (_, rotations, why) => {
    expect(await proofOf(...rotations)).toEqual({
      effective: false,
      evidence: expect.arrayContaining([expect.stringContaining(why)]),
    });
  });
});
