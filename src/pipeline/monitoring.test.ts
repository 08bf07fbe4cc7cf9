import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { monitoringPartsOf } from "./monitoring.ts";
import { describePipeline, listPipelines, loadPipeline, type Pipeline, partsOf } from "./pipeline.ts";

interface Service {
  image?: string;
  ports?: string[];
  volumes?: string[];
  networks?: string[] | Record<string, unknown>;
  profiles?: string[];
  extends?: { file: string; service: string };
}

interface Network {
  internal?: boolean;
  ipam?: { config: { subnet: string }[] };
}

interface ComposeFile {
  services: Record<string, Service>;
  networks: Record<string, Network | null>;
}

const watched = (
  await Promise.all(
    (
      await listPipelines()
    ).map(async (name) => {
      const { layouts } = await describePipeline(name);
      return Promise.all(layouts.map(({ name: layout }) => loadPipeline(name, layout)));
    }),
  )
)
  .flat()
  .filter(({ monitoring }) => monitoring !== undefined);

async function textOf({ folder }: Pick<Pipeline, "folder">, file: string): Promise<string> {
  return await readFile(join(folder, file), "utf8");
}

const parsed = new Map<string, ComposeFile>();

async function composeFile(pipeline: Pipeline, file: string): Promise<ComposeFile> {
  const path = join(pipeline.folder, file);
  const content = parsed.get(path) ?? (parse(await textOf(pipeline, file), { merge: true }) as ComposeFile);
  parsed.set(path, content);
  return content;
}

/** A service as its file and the one that it extends give it, with the networks and volumes of both. */
async function serviceIn(pipeline: Pipeline, file: string, name: string): Promise<Service> {
  const { extends: base, ...own } = (await composeFile(pipeline, file)).services[name]!;
  const inherited = base === undefined ? {} : await serviceIn(pipeline, base.file, base.service);
  const volumes = [...(inherited.volumes ?? []), ...(own.volumes ?? [])];
  return { ...inherited, ...own, volumes, networks: [...namesOf(inherited), ...namesOf(own)] };
}

function namesOf({ networks = [] }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}

/** The targets of a job, by its name. */
async function targetsOf(pipeline: Pipeline): Promise<Map<string, string[]>> {
  const { monitoring, layout } = pipeline;
  const config = parse(await textOf(pipeline, monitoring!.prometheusConfig)) as {
    scrape_configs: { job_name: string; static_configs?: { targets: string[] }[] }[];
  };
  const files = layout === "single" ? "loki-single-targets.yaml" : "loki-targets.yaml";
  return new Map(
    await Promise.all(
      config.scrape_configs.map(async ({ job_name: job, static_configs: groups }) => {
        const listed = groups ?? (parse(await textOf(pipeline, files)) as { targets: string[] }[]);
        return [job, listed.flatMap(({ targets }) => targets)] as const;
      }),
    ),
  );
}

it("is there for both options, hardened or not, and for both layouts of Option 2", () => {
  expect(watched.map(({ name, layout }) => `${name}/${layout}`)).toEqual([
    "direct/single",
    "direct-hardened/single",
    "direct-small-wal/single",
    "kafka/split",
    "kafka/single",
    "kafka-hardened/split",
    "kafka-hardened/single",
  ]);
});

describe.each(watched.map((pipeline) => [`${pipeline.name}/${pipeline.layout}`, pipeline] as const))(
  "the monitoring of %s",
  (_, pipeline) => {
    const monitoring = pipeline.monitoring!;
    const parts = partsOf(pipeline).map(({ name, part }) => ({ name, services: Object.keys(part.services) }));

    it("starts the services that pipeline.yaml names, with their images and ports", async () => {
      const { services } = await composeFile(pipeline, monitoring.compose);
      const isPartOfPipeline = (name: string) => parts.some((part) => part.services.includes(name));
      const added = Object.keys(services).filter((name) => !isPartOfPipeline(name) && name !== "grafana");
      const named = monitoringPartsOf(monitoring).flatMap(({ services, image }) =>
        Object.entries(services).map(([service, portVariable]) => ({ service, image, portVariable })),
      );
      expect(added.sort()).toEqual(named.map(({ service }) => service).sort());
      for (const { service, image, portVariable } of named) {
        const written = await serviceIn(pipeline, monitoring.compose, service);
        expect(written.image).toMatch(new RegExp(`^\\$\\{${image.variable}:-.+:v?${image.version}\\}$`));
        expect(written.ports?.join() ?? "").toContain(portVariable ?? "");
        expect(written.ports !== undefined).toBe(portVariable !== null);
      }
    });

    it("gives no part a second way to another: an added network has one part's services, and publishes nothing", async () => {
      const { services, networks } = await composeFile(pipeline, monitoring.compose);
      for (const [name, network] of Object.entries(networks)) {
        const inNetwork = await Promise.all(
          Object.keys(services).map(async (service) => {
            const { networks: all } = await serviceIn(pipeline, monitoring.compose, service);
            return namesOf({ networks: all! }).includes(name) ? [service] : [];
          }),
        );
        const reached = parts.filter((part) =>
          part.services.some((service) => inNetwork.flat().includes(service)),
        );
        if (name === "alerting") expect(reached).toEqual([]);
        else {
          expect(reached.length, name).toBe(1);
          expect(inNetwork.flat(), name).toEqual(
            expect.arrayContaining(["prometheus", ...reached[0]!.services]),
          );
          expect(network?.internal, name).toBe(true);
        }
      }
    });

    it("scrapes every instance of every part, and itself", async () => {
      const targets = [...(await targetsOf(pipeline)).values()].flat().map((target) => target.split(":")[0]);
      expect(targets.sort()).toEqual(
        [
          ...parts.flatMap(({ services }) => services),
          ...["alertmanager", "alert-receiver", "localhost"],
          ...(pipeline.kafka === undefined ? [] : ["kafka-metrics"]),
        ].sort(),
      );
    });

    it("mounts files of its folder alone, so that a copy of the folder and the rules is all a run needs", async () => {
      const { services } = await composeFile(pipeline, monitoring.compose);
      for (const name of Object.keys(services)) {
        const { volumes, profiles } = await serviceIn(pipeline, monitoring.compose, name);
        if (profiles !== undefined) continue;
        for (const [from] of volumes!.map((volume) => volume.split(/:(?=\/)/))) {
          if (from!.startsWith("./")) await access(join(pipeline.folder, from!));
          else expect(from).toMatch(new RegExp(`^[a-z-]+$|^\\$\\{${monitoring.rulesVariable}:-`));
        }
      }
    });

    it("has subnets that no other network of the pipeline has", async () => {
      const files = [pipeline.compose, monitoring.compose];
      const all = await Promise.all(files.map((file) => composeFile(pipeline, file)));
      const ranges = all
        .flatMap(({ networks }) => Object.values(networks))
        .flatMap((network) => network?.ipam?.config ?? [])
        .map(({ subnet }) => /\.(\d+)\/(\d+)$/.exec(subnet)!)
        .map(([, from, prefix]) => ({ from: Number(from), to: Number(from) + 2 ** (32 - Number(prefix)) }))
        .sort((one, other) => one.from - other.from);
      for (const [index, { from, to }] of ranges.entries()) {
        expect(from % (to - from)).toBe(0);
        expect(to).toBeLessThanOrEqual(ranges[index + 1]?.from ?? 256);
      }
    });
  },
);

describe("the monitoring of a hardened pipeline", () => {
  it.each([
    ["direct", ["docker-compose.monitoring.yaml", "prometheus-logging.yaml", "alertmanager-config.yaml"]],
    [
      "kafka",
      [
        ...["docker-compose.monitoring.yaml", "docker-compose.monitoring-single.yaml"],
        ...["prometheus-logging.yaml", "alertmanager-config.yaml", "kafka-metrics-config.yaml"],
        ...["kafka-jmx.yaml", "loki-targets.yaml", "loki-single-targets.yaml"],
      ],
    ],
  ])("is that of %s", async (name, files) => {
    const [plain, hardened] = await Promise.all([loadPipeline(name), loadPipeline(`${name}-hardened`)]);
    expect(hardened.monitoring).toEqual(plain.monitoring);
    for (const file of files)
      expect(parse(await textOf(hardened, file)), file).toEqual(parse(await textOf(plain, file)));
  });
});

describe("Alertmanager's inhibitions", async () => {
  const { monitoring, ...pipeline } = await loadPipeline("kafka");
  const config = parse(await textOf(pipeline, monitoring!.alertmanagerConfig)) as {
    inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  };
  const namesIn = (matchers: string[]) =>
    matchers.flatMap((matcher) => /^alertname=~?"(.+)"$/.exec(matcher)![1]!.split("|"));

  it("name alerts that there are", async () => {
    const rules = await Promise.all(
      monitoring!.ruleSets.map((set) => textOf(pipeline, `../../monitoring/rules/${set}.yaml`)),
    );
    const alerts = rules.flatMap((text) =>
      (parse(text) as { groups: { rules: { alert: string }[] }[] }).groups.flatMap(({ rules }) =>
        rules.map(({ alert }) => alert),
      ),
    );
    for (const { source_matchers: causes, target_matchers: consequences, equal } of config.inhibit_rules) {
      expect(alerts).toEqual(expect.arrayContaining(namesIn([...causes, ...consequences])));
      expect(equal).toEqual(["rule_set"]);
    }
  });

  it("silence nothing that says that lines are lost or soon will be", () => {
    const silenced = config.inhibit_rules.flatMap(({ target_matchers: matchers }) => namesIn(matchers));
    const ofLoss =
      /Dropped|Discarded|RunningOut|Unsent|LagOld|Offset(Gone|Below|Reset)|DeadLetters|Corrupted/;
    expect(silenced.filter((name) => ofLoss.test(name))).toEqual([]);
  });
});
