import { expect, it } from "vitest";
import { tmpfsBytes } from "./tmpfs-size.ts";

it.each([
  [{ type: "tmpfs", device: "tmpfs", o: "size=96k" }, 98_304],
  [{ type: "tmpfs", device: "tmpfs", o: "uid=10001,size=32M,mode=0700" }, 33_554_432],
  [{ type: "tmpfs", device: "tmpfs", o: "size=1g" }, 1_073_741_824],
  [{ type: "tmpfs", device: "tmpfs", o: "size=4096" }, 4_096],
  // The kernel takes the last of several.
  [{ type: "tmpfs", device: "tmpfs", o: "size=1m,size=2m" }, 2_097_152],
])("knows how much a volume with the options %j can hold: %d bytes", (options, bytes) => {
  expect(tmpfsBytes(options)).toBe(bytes);
});

it.each([
  undefined,
  null,
  {},
  { type: "tmpfs", device: "tmpfs" },
  { type: "tmpfs", device: "tmpfs", o: "size=50%" },
  { type: "tmpfs", device: "tmpfs", o: "resize=32m" },
  { type: "none", device: "/srv/data", o: "bind,size=32m" },
  { type: "ext4", device: "/dev/sdb1", o: "size=32m" },
])("knows no limit of a volume with the options %j", (options) => {
  expect(tmpfsBytes(options as Record<string, string>)).toBeUndefined();
});
