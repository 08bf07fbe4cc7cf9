import { expect, it } from "vitest";
import { hangsWhenContainersEndAtOnce } from "./engine-defects.ts";

it.each([
  ["20.10.24+dfsg1", true],
  ["20.10.26", true],
  ["20.10.27", false],
  ["19.03.15-ce", true],
  ["17.12.1-ce", true],
  ["23.0.0", false],
  ["24.0.7-1", false],
  ["28.2.2", false],
  ["4.3.1", false],
  ["dev", false],
])("an engine of version %s can hang when containers end at the same moment: %s", (version, canHang) => {
  expect(hangsWhenContainersEndAtOnce(version)).toBe(canHang);
});
