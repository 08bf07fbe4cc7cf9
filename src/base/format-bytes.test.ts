import { expect, it } from "vitest";
import { formatBytes } from "./format-bytes.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [133_683_486, "134 MB"],
  [1_440_000_000, "1.4 GB"],
  [5e15, "5000 TB"],
])("writes %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
