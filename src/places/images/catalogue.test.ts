import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { loadPipeline } from "../../pipeline/pipeline.ts";
import { imagesDir, labelOf, parseCatalogue, readCatalogue, selectEntries } from "./catalogue.ts";

describe("the catalogue that is committed", async () => {
  const catalogue = await readCatalogue();

  it.each(catalogue.filter(({ build }) => build).map((entry) => [labelOf(entry), entry.build] as const))(
    "has every file that the build of %s reads",
    async (_label, build) => {
      await access(join(imagesDir, `${build?.folder}`, "build"), constants.X_OK);
      for (const input of build?.inputs ?? []) await access(join(imagesDir, input));
    },
  );

  it("is built of files that are in the npm package", async () => {
    const root = join(imagesDir, "../..");
    const { files } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { files: string[] };
    const packed = files.map((path) => join(root, path));
    const inputs = catalogue
      .flatMap(({ build }) => build?.inputs ?? [])
      .map((input) => join(imagesDir, input));
    const isPacked = (input: string) => packed.some((path) => input === path || input.startsWith(`${path}/`));
    expect(inputs.filter((input) => !isPacked(input))).toEqual([]);
  });

  it("names the licence of every program, and where its source is", async () => {
    for (const { licence, source = "", ...entry } of catalogue) {
      expect(licence, labelOf(entry)).toMatch(/^[\w.-]+$/);
      if (!source.startsWith("https://")) await access(join(imagesDir, "../..", source));
    }
  });

  it("makes ready by default what bin/setup compiles in advance: the parts of the default scenario", async () => {
    const setup = await readFile(join(import.meta.dirname, "../../../bin/setup"), "utf8");
    const compiled = /^main_images=\((.+)\)$/m.exec(setup)?.[1]?.split(" ");
    expect(catalogue.filter((entry) => entry.default).map(labelOf)).toEqual(compiled);
    const { sink, shipper } = await loadPipeline("direct");
    expect(compiled).toEqual([sink, shipper].map(({ image }) => `${image?.name}:${image?.version}`));
  });
});

describe("parseCatalogue", () => {
  it("takes an image that can only be pulled, and needs it by default only where it says so", () => {
    expect(parseCatalogue("- { name: kafka, version: 4.3.0, pull: 'apache/kafka:4.3.0' }")).toEqual([
      { name: "kafka", version: "4.3.0", pull: "apache/kafka:4.3.0", default: false },
    ]);
  });

  it("refuses the same image twice", () => {
    const kafka = "- { name: kafka, version: 4.3.0, pull: 'apache/kafka:4.3.0' }\n";
    expect(() => parseCatalogue(kafka + kafka)).toThrow(/twice/);
  });

  it("refuses a version that YAML reads as a number, because 3.10 would become 3.1", () => {
    expect(() => parseCatalogue("- { name: kafka, version: 3.10, pull: 'apache/kafka:3.10' }")).toThrow(
      /version/,
    );
  });

  it("refuses a reference without a tag, because `latest` is another image tomorrow", () => {
    expect(() => parseCatalogue("- { name: kafka, version: 4.3.0, pull: apache/kafka }")).toThrow(/tag/);
  });

  it("refuses an image that can be neither pulled nor built", () => {
    expect(() => parseCatalogue("- { name: a, version: 1.0.0 }")).toThrow(/neither pull nor build/);
  });

  it("gives an image its base, which stands before it", () => {
    const node = "- { name: node, version: 24.0.0, pull: 'node:24.0.0' }\n";
    const service = "- { name: a, version: 1.0.0, build: { folder: a, base: 'node:24.0.0' } }\n";
    expect(parseCatalogue(node + service)[1]?.build).toEqual({
      folder: "a",
      inputs: [],
      needs: [],
      base: { name: "node", version: "24.0.0", pull: "node:24.0.0", default: false },
    });
    expect(() => parseCatalogue(service + node)).toThrow(/no image node:24\.0\.0, the base of a:1\.0\.0/);
    expect(() => parseCatalogue(service)).toThrow(/before it/);
  });

  it("refuses a key it does not know", () => {
    expect(() => parseCatalogue("- { name: a, version: 1.0.0, pull: 'a:1', built: {} }")).toThrow(/built/);
  });
});

describe("selectEntries", () => {
  const catalogue = parseCatalogue(`
    - { name: store, version: 3.6.4, pull: "example/store:3.6.4" }
    - { name: store, version: 3.7.6, pull: "example/store:3.7.6" }
    - { name: promtail, version: 3.6.4, pull: "grafana/promtail:3.6.4" }
  `);
  const select = (...selectors: string[]) => selectEntries(catalogue, selectors).map(labelOf);

  it("takes a name for all of its versions", () => {
    expect(select("store")).toEqual(["store:3.6.4", "store:3.7.6"]);
  });

  it("takes `all` for every image", () => {
    expect(select("all")).toEqual(["store:3.6.4", "store:3.7.6", "promtail:3.6.4"]);
  });

  it("takes each image once, however often it is named", () => {
    expect(select("store:3.7.6", "store", "promtail:3.6.4")).toEqual([
      "store:3.7.6",
      "store:3.6.4",
      "promtail:3.6.4",
    ]);
  });

  it("lists the images that there are when it has no such image", () => {
    expect(() => select("store:1")).toThrow(UsageError);
    expect(() => select("store:1")).toThrow(
      "there is no image store:1; there are: store:3.6.4, store:3.7.6, promtail:3.6.4.",
    );
  });
});
