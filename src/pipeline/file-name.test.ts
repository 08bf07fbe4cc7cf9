import { matchesGlob } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fileNameOf, isOneFile, matchesRotated } from "./file-name.ts";

const literals = fc.stringMatching(/^[A-Za-z0-9_.$& -]{0,12}$/);
const patterns = fc.tuple(literals, literals).map((parts) => parts.join("*"));
const sources = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);

it("names a file for each source such that whoever reads the pattern reads it, and its rotated file only where that is told", () => {
  fc.assert(
    fc.property(patterns, sources, (pattern, source) => {
      const name = fileNameOf(pattern, source);
      expect(isOneFile(pattern)).toBe(false);
      // What a wildcard in front leaves out is a hidden file, which shippers read.
      const matches = (file: string) => matchesGlob(`x${file}`, `x${pattern}`);
      expect(matches(name)).toBe(true);
      if (matches(`${name}.1790000000000`)) expect(matchesRotated(pattern)).toBe(true);
    }),
  );
});

it("gives a name without a wildcard to the only file", () => {
  expect(isOneFile("access.log")).toBe(true);
  expect(fileNameOf("access.log", "app-1")).toBe("access.log");
  expect(matchesRotated("access.log")).toBe(false);
});
