import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const root = import.meta.dirname;

/** Which rooms a room may import from, itself and `base` aside; files directly in `src` are tests of the whole house. */
const allowed: Record<string, string[]> = {
  cli: [
    "cli/kit",
    "nights",
    "upgrades",
    "known-bugs",
    "custom",
    "run",
    "report",
    "judge",
    "sinks",
    "places",
    "store",
    "plan",
    "pipeline",
    "load",
  ],
  nights: ["cli/kit", "custom", "run", "report", "places", "store", "plan", "pipeline"],
  upgrades: ["cli/kit", "nights", "run", "report", "judge", "places", "store", "plan", "pipeline"],
  "known-bugs": ["report", "judge", "store", "plan"],
  custom: ["places", "products", "plan", "pipeline", "load"],
  "cli/kit": ["run", "report", "judge", "sinks", "places", "store", "plan", "pipeline", "load"],
  run: ["judge", "observe", "sinks", "faults", "places", "products", "load", "store", "plan", "pipeline"],
  report: ["judge", "faults", "plan", "pipeline"],
  observe: ["judge", "sinks", "places", "products", "pipeline", "load"],
  sinks: ["places", "products", "pipeline", "load"],
  store: ["judge", "plan", "load"],
  judge: ["plan", "pipeline", "load"],
  faults: ["places", "products", "load", "pipeline"],
  places: ["products", "pipeline", "plan"],
  plan: ["faults", "products", "pipeline", "load"],
  products: [],
  pipeline: ["products"],
  load: ["places"],
  base: [],
};

/** Arrows that still point upwards. */
const upwardsStill: Record<string, string[]> = {
  sinks: ["observe", "store", "judge"],
  store: ["report"],
  plan: ["places"],
  products: ["sinks", "plan"],
  pipeline: ["plan", "places"],
};

/** Rooms and files that import nothing of Docker, the network, the disk or the clock. */
const pure = [
  /^judge\//,
  /^plan\/(claim|verdict|retry-horizon)\.ts$/,
  /^plan\/claims\//,
  /^load\/(line|line-clock|text-pool|mark-recorder)\.ts$/,
];

/** Packages that compute and do nothing else. */
const purePackages = ["zod", "hdr-histogram-js", "node:util"];

interface Import {
  file: string;
  target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)[^"]*? from "([^"]+)";/gms)].map(([, target]) => ({
    file,
    target: target!,
  }));
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
);
const imports = files.flatMap(importsOf);

function roomOf(file: string): string | undefined {
  if (file.startsWith("cli/kit/")) return "cli/kit";
  return file.includes("/") ? file.split("/")[0] : undefined;
}

it("knows every room", () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== undefined));
  expect([...rooms].sort()).toEqual(Object.keys(allowed).sort());
});

it("imports downwards only", () => {
  const upwards = imports.filter(({ file, target }) => {
    if (!target.startsWith(".")) return false;
    const [from, to] = [roomOf(file), roomOf(relative(root, resolve(root, file, "..", target)))];
    if (from === undefined || to === undefined || from === to || to === "base") return false;
    return !allowed[from]!.includes(to) && !upwardsStill[from]?.includes(to);
  });
  expect(upwards).toEqual([]);
});

it("keeps the engine, the network and the disk out of what is pure", () => {
  const impure = imports.filter(
    ({ file, target }) =>
      pure.some((form) => form.test(file)) && !target.startsWith(".") && !purePackages.includes(target),
  );
  expect(impure).toEqual([]);
});

it("knows the container engine in the places alone", () => {
  const clients = ["dockerode", "testcontainers"];
  const outside = imports.filter(({ file, target }) => clients.includes(target) && roomOf(file) !== "places");
  expect(outside).toEqual([]);
});

/** Rooms that may name Loki: its own folder, what is known of products, what describes pipelines and scenarios, and the features. */
const roomsThatNameLoki = [
  ...["sinks/loki/", "products/", "pipeline/", "plan/"],
  ...["nights/", "upgrades/", "known-bugs/", "custom/"],
];

it("names Loki in few files elsewhere: the lists of sinks, and a flag of VictoriaLogs that is called after its API", () => {
  const naming = files.filter(
    (file) =>
      !roomsThatNameLoki.some((room) => file.startsWith(room)) &&
      /loki/i.test(readFileSync(join(root, file), "utf8")),
  );
  expect(naming.sort()).toEqual([
    "sinks/create-sink.ts",
    "sinks/known-exports.ts",
    "sinks/victorialogs/victorialogs-hints.ts",
  ]);
});
