import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = import.meta.dirname;

/** The rooms from top to bottom: a room imports from rooms below it, never from one above. */
const rooms = [
  "cli",
  "upgrades",
  "throughput",
  "soak",
  "sweeps",
  "reliability",
  "nights",
  "known-bugs",
  "rule-trials",
  "custom",
  "cli/kit",
  "run",
  "report",
  "observe",
  "sinks",
  // Below the sinks: what is read back goes into the run's folder line by line.
  "store",
  "judge",
  "plan",
  "faults",
  "load",
  "places",
  "pipeline",
  "alerts",
  "products",
  "base",
];

/** Rooms and files that import nothing of Docker, the network, the disk or the clock. */
const pure = [
  /^judge\//,
  /^plan\/(claim|verdict)\.ts$/,
  /^plan\/claims\//,
  /^pipeline\/bounds\.ts$/,
  /^products\/retry-horizon\.ts$/,
  /^soak\/(trend|drift|series-of-run)\.ts$/,
  /^sweeps\/(search|outage-verdict|outage-claims)\.ts$/,
  /^throughput\/(search\/|processor-model\.ts$)/,
  /^load\/(line|line-clock|line-encoder|line-pieces|text-block|text-pool|mark-recorder)\.ts$/,
  /^load\/(digit|padding|part)-bytes\.ts$/,
];

/** Packages that compute and do nothing else. */
const purePackages = ["zod", "hdr-histogram-js", "node:util"];

/** Rooms that may name Loki: its own folder, what is known of products, what describes pipelines and scenarios, and the features. */
const roomsThatNameLoki = /^(sinks\/loki|products|pipeline|alerts|plan|nights|upgrades|known-bugs|custom)\//;

/** Files elsewhere that may: the lists of sinks, and this file. */
const filesThatNameLoki = ["house.test.ts", "sinks/create-sink.ts", "sinks/known-exports.ts"];

const longestFileOfRun = 200;
const medianFile = 100;

interface Import {
  file: string;
  target: string;
}

const filesAndTests = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);
const files = filesAndTests.filter((name) => !name.endsWith(".test.ts"));
const texts = new Map(filesAndTests.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = texts.get(file)!;
  const atStart = text.matchAll(/^(?:import|export)[^"]*? from "([^"]+)";/gms);
  const whenNeeded = text.matchAll(/\bimport\("([^"]+)"\)/g);
  return [...atStart, ...whenNeeded].map(([, target]) => ({ file, target: target! }));
}

function targetOf({ file, target }: Import): string | undefined {
  return target.startsWith(".") ? relative(root, resolve(root, file, "..", target)) : undefined;
}

function roomOf(file: string): string {
  return file.startsWith("cli/kit/") ? "cli/kit" : file.split("/")[0]!;
}

function linesOf(file: string): number {
  return texts.get(file)!.split("\n").length - 1;
}

describe("the house", () => {
  it("has the rooms that are listed here, and every file in one of them", () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...rooms].sort());
  });

  it("imports downwards only", () => {
    const upwards = imports.filter((each) => {
      const target = targetOf(each);
      if (target === undefined || target.startsWith("..")) return false;
      return rooms.indexOf(roomOf(target)) < rooms.indexOf(roomOf(each.file));
    });
    expect(upwards).toEqual([]);
  });

  it("has no circle of imports", () => {
    const targets = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .map(targetOf)
          .filter((target) => target !== undefined),
      ]),
    );
    // A file whose imports are all outside of circles is in no circle itself; the files that are left over are in one.
    let left = files;
    for (let before = files.length + 1; left.length < before; ) {
      before = left.length;
      const still = new Set(left);
      left = left.filter((file) => targets.get(file)!.some((target) => still.has(target)));
    }
    expect(left).toEqual([]);
  });

  it("gives no two files the same name", () => {
    const byName = Map.groupBy(files, (file) => basename(file));
    expect([...byName.values()].filter((same) => same.length > 1)).toEqual([]);
  });

  it("keeps the engine, the network and the disk out of what is pure", () => {
    const impure = imports.filter(
      ({ file, target }) =>
        pure.some((form) => form.test(file)) && !target.startsWith(".") && !purePackages.includes(target),
    );
    expect(impure).toEqual([]);
  });

  it("imports the engine's packages in places alone", () => {
    const outside = files.filter(
      (file) => !file.startsWith("places/") && /dockerode|testcontainers/.test(texts.get(file)!),
    );
    expect(outside).toEqual([]);
  });

  it("names Loki outside of the rooms that may in the files that are listed here alone, tests included", () => {
    const naming = filesAndTests.filter(
      (file) => !roomsThatNameLoki.test(file) && /loki/i.test(texts.get(file)!),
    );
    expect(naming.sort()).toEqual(filesThatNameLoki);
  });

  it("has no long file in run, and half of all files short", () => {
    const long = files.filter((file) => file.startsWith("run/") && linesOf(file) > longestFileOfRun);
    expect(long).toEqual([]);
    const lengths = files.map(linesOf).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(medianFile);
  });
});
