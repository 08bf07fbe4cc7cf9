import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const root = import.meta.dirname;

/** Which rooms a room may import from, itself aside; files directly in `src` belong to everybody. */
const allowed: Record<string, string[]> = {
  cli: ["run", "stack", "load", "faults", "read", "check", "guarantees", "report"],
  run: ["stack", "load", "faults", "read", "check", "guarantees", "report", "products"],
  report: ["check", "guarantees", "load"],
  read: ["load", "check"],
  faults: ["stack", "load"],
  stack: ["guarantees", "products"],
  products: ["guarantees"],
  guarantees: ["check"],
  check: ["load"],
  load: [],
};

/** Rooms and files that import nothing of Docker, the network, the disk or the clock. */
const pure = [/^check\//, /^guarantees\//, /^load\/(line|line-clock|text-pool|mark-recorder)\.ts$/];

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
    return from !== undefined && to !== undefined && from !== to && !allowed[from]!.includes(to);
  });
  expect(upwards).toEqual([]);
});

it("keeps the engine, the network and the disk out of what is pure", () => {
  const impure = imports.filter(
    ({ file, target }) => pure.some((form) => form.test(file)) && !target.startsWith(".") && target !== "zod",
  );
  expect(impure).toEqual([]);
});
