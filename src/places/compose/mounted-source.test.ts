import { expect, it } from "vitest";
import { sourceAt } from "./mounted-source.ts";

const mounts = [
  { source: "/home/shop", target: "/var/log" },
  { source: "/home/shop/other", target: "/var/log/shop" },
  { source: undefined, target: "/cache" },
];

it("finds what is seen at a path by the innermost mount", () => {
  expect(sourceAt(mounts, "/var/log/a.log")?.source).toBe("/home/shop/a.log");
  expect(sourceAt(mounts, "/var/log/shop")?.source).toBe("/home/shop/other");
  expect(sourceAt(mounts, "/var/log/shop/b/c.log")?.source).toBe("/home/shop/other/b/c.log");
  expect(sourceAt([{ source: "/", target: "/host" }], "/host/var/log")?.source).toBe("/var/log");
  expect(sourceAt([{ source: "/", target: "/" }], "/var/log")?.source).toBe("/var/log");
});

it("finds nothing where nothing of the machine is mounted", () => {
  for (const path of ["/var/logs/a.log", "/cache/a"]) expect(sourceAt(mounts, path)).toBeUndefined();
});
