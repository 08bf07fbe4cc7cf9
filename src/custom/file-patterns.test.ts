import { expect, it } from "vitest";
import { alternativesOf, placesOf } from "./file-patterns.ts";

const mount = (target: string) => ({ type: "bind", source: "/x", target, read_only: true });
const files = (excluded: string[] = []) => ({ globs: [], excluded, labels: {}, hasFilename: true });
const placeOf = (glob: string, targets: string[], excluded?: string[]) =>
  placesOf(glob, files(excluded), targets.map(mount))[0];

it.each([
  ["/logs/*.log", ["/logs"], { folder: "/logs", file: undefined }],
  ["/logs/*log", ["/logs"], { folder: "/logs", file: undefined }],
  ["/logs/**/*.log", ["/logs/shop"], { folder: "/logs/shop", file: undefined }],
  ["/logs/**/*.log", ["/logs"], { folder: "/logs", file: undefined }],
  ["/logs/*/app.log", [], { folder: "/logs/everyline", file: "app.log" }],
  ["/logs/*/app.log", ["/logs/web"], { folder: "/logs/web", file: "app.log" }],
  ["/logs/*.json", ["/logs"], { folder: "/logs", file: "*.json" }],
  ["/logs/app-*.log.*", ["/logs"], { folder: "/logs", file: "app-*.log." }],
  ["/logs/access.log", ["/logs"], { folder: "/logs", file: "access.log" }],
  ["/logs/*[0-9].out", ["/logs"], { folder: "/logs", file: "*0.out" }],
  ["/logs/?at.txt", ["/logs"], { folder: "/logs", file: "xat.txt" }],
  ["/logs/**", ["/logs"], { folder: "/logs", file: undefined }],
])("a run can write where %s is read with the mounts %j", (glob, targets, place) => {
  expect(placeOf(glob, targets)).toEqual({ ...place, isMountedFile: false });
});

it("takes a file that is itself mounted", () => {
  expect(placeOf("/logs/app.log", ["/logs/app.log", "/logs"])).toEqual({
    folder: "/logs",
    file: "app.log",
    isMountedFile: true,
  });
});

it("finds a name that no exclusion takes, or none", () => {
  expect(placeOf("/logs/*", ["/logs"], ["/logs/*.log"])).toMatchObject({ file: "*" });
  expect(placeOf("/logs/*.log", ["/logs"], ["*.log"])).toBeUndefined();
});

it("takes alternatives apart", () => {
  expect(alternativesOf("/logs/{a,b}/{c,d}.log")).toEqual([
    "/logs/a/c.log",
    "/logs/a/d.log",
    "/logs/b/c.log",
    "/logs/b/d.log",
  ]);
});
