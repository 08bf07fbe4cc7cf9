import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cacheFolder, installedFolder } from "./installation.ts";

it("finds the folder that has the fixtures and the package's description in it", () => {
  for (const name of ["package.json", "fixtures/images/catalogue.yaml", "docs"])
    expect(existsSync(join(installedFolder, name)), name).toBe(true);
});

describe("cacheFolder", () => {
  it("is in a checkout itself, whatever the environment says", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" })).toBe(join(installedFolder, ".everyline"));
  });

  it("is the user's for an installed package", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" }, true)).toBe("/caches/everyline");
    expect(cacheFolder({}, true)).toBe(join(homedir(), ".cache/everyline"));
  });

  it("ignores a relative XDG_CACHE_HOME, as the specification says", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "caches" }, true)).toBe(join(homedir(), ".cache/everyline"));
  });
});
