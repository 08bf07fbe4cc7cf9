import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  describePipeline,
  endsOf,
  type LinkName,
  listPipelines,
  loadPipeline,
  partsOf,
  servicesOf,
} from "./pipeline.ts";

const names = await listPipelines();
const layouts = (
  await Promise.all(
    names.map(async (name) =>
      (await describePipeline(name)).layouts.map((layout) => ({ name, layout: layout.name })),
    ),
  )
).flat();

interface ComposeFile {
  services: Record<
    string,
    {
      networks?: string[] | Record<string, unknown>;
      volumes?: string[];
      extends?: { file: string; service: string };
    }
  >;
  volumes: Record<string, { driver_opts?: { o: string } } | null>;
}

async function composeFile(folder: string, file: string): Promise<ComposeFile> {
  return parse(await readFile(join(folder, file), "utf8"), { merge: true }) as ComposeFile;
}

/** The networks of a service, as its Compose file or the one that it extends gives them. */
async function networksOf(folder: string, file: string, service: string): Promise<string[]> {
  const { networks, extends: base } = (await composeFile(folder, file)).services[service]!;
  const inherited = base === undefined ? [] : await networksOf(folder, base.file ?? file, base.service);
  return [...inherited, ...(Array.isArray(networks) ? networks : Object.keys(networks ?? {}))];
}

describe.each(layouts)("$name in its layout $layout", ({ name, layout }) => {
  it("names services that its Compose file has", async () => {
    const pipeline = await loadPipeline(name, layout);
    const { services } = await composeFile(pipeline.folder, pipeline.compose);
    for (const { part } of partsOf(pipeline))
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(part.services)));
  });

  it("fills disks alone that are small, and that a container of another part keeps", async () => {
    const { folder, compose, smallDisks = [], ...pipeline } = await loadPipeline(name, layout);
    const { services, volumes } = await composeFile(folder, compose);
    for (const service of smallDisks) {
      const base = services[service]!.extends!;
      const inherited = (await composeFile(folder, base.file)).services[base.service]!;
      const own = inherited.volumes!.map((mount) => mount.split(":")[0]!).filter((source) => volumes[source]);
      const sizes = own.map((source) => /size=\d+[km]$/.test(volumes[source]!.driver_opts?.o ?? ""));
      expect(sizes, service).toContain(true);
      const part = partsOf({ folder, compose, ...pipeline }).find(
        ({ part }) => service in part.services,
      )!.part;
      const keepers = Object.entries(services).filter(([other]) => !(other in part.services));
      for (const source of own.filter((_, index) => sizes[index]))
        expect(
          keepers.some(([, { volumes }]) => volumes?.includes(`${source}:/kept/${source}:ro`)),
          source,
        ).toBe(true);
    }
  });

  it("cuts a link by its network alone: the ends share no other", async () => {
    const pipeline = await loadPipeline(name, layout);
    for (const [link, { network, disconnect }] of Object.entries(pipeline.links)) {
      const [one, other] = await Promise.all(
        endsOf(link as LinkName).map(async (end) => {
          const services = servicesOf(pipeline, end).filter((service) => !disconnect.includes(service));
          const cut = servicesOf(pipeline, end).filter((service) => disconnect.includes(service));
          const left = await Promise.all(
            services.map((service) => networksOf(pipeline.folder, pipeline.compose, service)),
          );
          const rest = await Promise.all(
            cut.map((service) => networksOf(pipeline.folder, pipeline.compose, service)),
          );
          return new Set([...left.flat(), ...rest.flat().filter((other) => other !== network)]);
        }),
      );
      expect(
        [...one!].filter((shared) => other!.has(shared)),
        link,
      ).toEqual([]);
    }
  });
});

it("names what there is where a pipeline lacks a target", async () => {
  const pipeline = await loadPipeline("direct");
  expect(() => servicesOf(pipeline, "kafka")).toThrow(
    'has no "kafka"; it has: shipper, sink, promtail, loki.',
  );
  await expect(loadPipeline("direct", "wide")).rejects.toThrow(
    'has no layout "wide"; it has: single, small-disks.',
  );
});

describe("the pipelines of Option 2", () => {
  const composeFiles = ["docker-compose.logging-ha.yaml", "docker-compose.logging-ha-single.yaml"];
  const configs = ["loki-ha-config.yaml", "loki-single-config.yaml", "promtail-kafka-config.yaml"];
  const contentOf = async (pipeline: string, file: string) => {
    const { folder } = await loadPipeline(pipeline);
    return parse(await readFile(join(folder, file), "utf8"), { merge: true });
  };

  it.each(composeFiles)("start the same parts, hardened or not: %s", async (file) => {
    expect(await contentOf("kafka-hardened", file)).toEqual(await contentOf("kafka", file));
  });

  it.each([...composeFiles, ...configs])(
    "are known bad for one setting of the gateway alone: %s",
    async (file) => {
      const bad = await contentOf("kafka-known-bad", file);
      const gateway = bad.services?.["push-gateway"].environment;
      if (gateway?.KAFKA_SEND === "all-partitions") gateway.KAFKA_SEND = "per-partition";
      expect(bad).toEqual(await contentOf("kafka-hardened", file));
    },
  );
});
