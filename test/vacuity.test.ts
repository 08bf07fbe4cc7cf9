import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline, type Pipeline } from "../src/pipeline/pipeline.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { casesOf, loadScenarios, type ScheduledFault } from "../src/plan/scenario.ts";
import type { JournalEvent } from "../src/store/journal.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const docker = await connectEngine();
const probeMs = 10;
const probes = 3_000;

/** Does something to a stack, as a careless operator or a supervisor would, when the run comes to an event. */
interface Interference {
  at: string;
  /** @param nth how often the event has come before */
  act: (stack: Interfered, nth: number) => Promise<unknown>;
}

/** A stack, seen from outside. */
class Interfered {
  readonly runId: string;

  constructor(runId: string) {
    this.runId = runId;
  }

  network(name: string): Docker.Network {
    return docker.getNetwork(`${projectName(this.runId)}_${name}`);
  }

  /** Posts to a service's server. */
  async ask(service: string, path: string, body: object): Promise<void> {
    const { NetworkSettings: settings } = await (await this.container(service)).inspect();
    const [published] = Object.values(settings.Ports).flatMap((ports) => ports ?? []);
    const answer = await fetch(`http://127.0.0.1:${published!.HostPort}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  }

  /** Kills a container as soon as it runs. */
  async killAtOnce(service: string): Promise<void> {
    const container = await this.container(service);
    while (!(await container.inspect()).State.Running) await setTimeout(probeMs);
    await container.kill();
  }

  /** The container of a service, as soon as there is one. */
  async container(service: string): Promise<Docker.Container> {
    const label = [
      `com.docker.compose.project=${projectName(this.runId)}`,
      `com.docker.compose.service=${service}`,
    ];
    for (let probe = 0; probe < probes; probe++) {
      const [found] = await docker.listContainers({ all: true, filters: { label } });
      if (found !== undefined) return docker.getContainer(found.Id);
      await setTimeout(probeMs);
    }
    throw new Error(`${service} never came`);
  }
}

/** A copy of a pipeline, of which one file is changed and something may be added to the description. */
async function changed(
  pipeline: Pipeline,
  file: string,
  change: (text: string) => string,
  description: Partial<Pipeline> = {},
): Promise<Pipeline> {
  const folder = join(reportsFolder, `pipeline-${randomSeed()}`);
  await cp(pipeline.folder, folder, { recursive: true });
  const path = join(folder, file);
  const before = await readFile(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
  return { ...pipeline, ...description, folder };
}

/** Runs with these faults instead of the scenario's. */
async function runWith(
  id: string,
  faults: ScheduledFault[],
  interference: Interference[] = [],
  changes: Parameters<typeof runClaim>[3] = {},
) {
  const runId = `test-${randomSeed()}`;
  const stack = new Interfered(runId);
  const acts: Promise<unknown>[] = [];
  const seen = new Map<string, number>();
  const onEvent = ({ event }: JournalEvent) => {
    const nth = seen.get(event) ?? 0;
    seen.set(event, nth + 1);
    for (const { at, act } of interference) if (at === event) acts.push(act(stack, nth));
  };
  const { scenario } = scenarios.find(({ name }) => name === id.slice(id.indexOf("/") + 1))!;
  const run = await runClaim(
    id,
    scenarios,
    reportsFolder,
    {
      runId,
      scenario: { name: scenario.name, scenario, summary: "", faults },
      load: { lines: 200, linesPerSecond: 100, sources: 2 },
      ...changes,
    },
    { onEvent },
  );
  await Promise.all(acts);
  return run;
}

const direct = await loadPipeline("direct");
const kafka = await loadPipeline("kafka", "two-sites");

describe("a fault whose window holds no line", () => {
  it.each<[string, ScheduledFault]>([
    ["restart before the first line", { kind: "restart", target: "loki", at: 0 }],
    ["restart after the last line", { kind: "restart", target: "loki", at: 1 }],
    ["kill after the last line", { kind: "kill", target: "loki", at: 1, until: 1 }],
    ["disconnect after the last line", { kind: "disconnect", target: "shipper-loki", at: 1, until: 1 }],
  ])("is vacuous: %s", async (_, fault) => {
    const run = await runWith("direct/loki-restart", [fault]);
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([`No line was written while ${fault.kind} ${fault.target} held.`]);
  });

  it.each([
    ["before the first line", 0, "no line stood in it"],
    ["after the last line", 1, /no line was to follow|nothing was rotated before the load ended/],
  ])("is vacuous: rotation %s", async (_, at, why) => {
    const run = await runWith("direct/loki-restart", [
      { kind: "rotate", target: "source", method: "rename-create", at },
    ]);
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringMatching(/^The fault rotate source did not take effect: /)]);
    expect(reasonsOf(run)[0]).toMatch(why);
  });
});

describe("a fault on a container that does not run", () => {
  const name = "idle";

  it.each<[string, ScheduledFault]>([
    ["restart", { kind: "restart", target: "loki-writer", at: 0.6 }],
    ["end", { kind: "kill", target: "loki-writer", at: 0.6, until: 0.8 }],
  ])("is vacuous: nothing to %s", async (done, fault) => {
    const service = [
      `  ${name}:`,
      "    image: $PROMTAIL_IMAGE",
      "    command: -config.file=/etc/promtail/promtail-config.yaml",
      "    volumes: [./promtail-config.yaml:/etc/promtail/promtail-config.yaml:ro]",
    ];
    const pipeline = await changed(
      direct,
      direct.compose,
      (text) => text.replace("\nnetworks:\n", `\n${service.join("\n")}\n\nnetworks:\n`),
      {
        targets: { "loki-writer": [name] },
        beside: { [name]: { ...direct.shipper, services: { [name]: null } } },
      },
    );
    const stopped = { at: "proven", act: async (stack: Interfered) => (await stack.container(name)).kill() };
    const run = await runWith("direct/loki-restart", [fault], [stopped], { pipeline });
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringContaining(
        `The fault ${fault.kind} loki-writer did not take effect: idle did not run, so there was nothing to ${done}`,
      ),
    ]);
  });
});

describe("a fault that something else ends early", () => {
  const restarted =
    /^The fault (stop|kill) loki did not take effect: it did not last until it was to heal: loki: pid \d+ ended, but something started the container again after \d\.\d\d s/;

  it("is vacuous: a stopped Loki that is started again at once", async () => {
    const run = await runWith(
      "direct/loki-restart",
      [{ kind: "stop", target: "loki", at: 0.2, until: 0.8 }],
      [{ at: "fault-in-force", act: async (stack) => (await stack.container("loki")).start() }],
    );
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringMatching(restarted)]);
  });

  it("is vacuous: a killed Loki that is started, and is dead again when it heals", async () => {
    const run = await runWith(
      "direct/loki-restart",
      [{ kind: "kill", target: "loki", at: 0.2, until: 0.9 }],
      [
        {
          at: "fault-in-force",
          act: async (stack) => {
            const loki = await stack.container("loki");
            await loki.start();
            await loki.kill();
          },
        },
      ],
      { load: { lines: 200, linesPerSecond: 50 } },
    );
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringMatching(restarted)]);
  });

  it("is vacuous: a link that is put back", async () => {
    const run = await runWith(
      "direct/loki-restart",
      [{ kind: "disconnect", target: "shipper-loki", at: 0.2, until: 0.8 }],
      [
        {
          at: "fault-in-force",
          act: async (stack) =>
            stack.network("monitoring").connect({
              Container: (await stack.container("loki")).id,
              EndpointConfig: { Aliases: ["loki"] },
            }),
        },
      ],
      // Slowly: the engine may take a second to connect.
      { load: { lines: 200, linesPerSecond: 40 } },
    );
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault disconnect shipper-loki did not take effect: it did not last until it was to heal: loki taken from the network monitoring, but the ends share \S+_monitoring, while both ran/,
      ),
    ]);
  });

  it("is vacuous: a cut link at whose end nothing runs any more", async () => {
    const run = await runWith(
      "direct/loki-restart",
      [{ kind: "disconnect", target: "shipper-loki", at: 0.2, until: 0.8 }],
      [
        { at: "fault-in-force", act: async (stack) => (await stack.container("loki")).kill() },
        { at: "fault-healed", act: async (stack) => (await stack.container("loki")).start() },
      ],
    );
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringContaining("but not all of the ends run")]);
  });
});

describe("a fault that does not do what it says", () => {
  it("is vacuous: a link whose ends share another network", async () => {
    const pipeline = await changed(direct, direct.compose, (text) =>
      text
        .replaceAll("networks: [monitoring]", "networks: [monitoring, second]")
        .replace("networks:\n  monitoring:\n", "networks:\n  monitoring:\n  second:\n"),
    );
    const run = await runWith(
      "direct/loki-restart",
      [{ kind: "disconnect", target: "shipper-loki", at: 0.2, until: 0.8 }],
      [],
      { pipeline },
    );
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault disconnect shipper-loki did not take effect: loki taken from the network monitoring, but the ends share \S+_second, while both ran/,
      ),
    ]);
  });

  it.each([
    ["without a connection", [], /0 of 0 proxies of site-link have latency 100/],
    [
      "that is no longer slow when it heals",
      ["elsewhere"],
      /it did not last until it was to heal: 0 of 1 proxies of site-link have latency 100/,
    ],
  ])("is vacuous: a slow link %s", async (_, proxies, why) => {
    const service = [
      "  site-link:",
      "    image: $LINK_IMAGE",
      '    ports: ["127.0.0.1:$LINK_PORT:8474"]',
      "    networks: [monitoring]",
    ];
    const pipeline = await changed(
      direct,
      direct.compose,
      (text) => text.replace("\nnetworks:\n", `\n${service.join("\n")}\n\nnetworks:\n`),
      { beside: { "site-link": kafka.beside["site-link"]! } },
    );
    const interference: Interference[] = [
      {
        at: "proven",
        act: async (stack) => {
          for (const name of proxies)
            await stack.ask("site-link", "/proxies", { name, listen: "127.0.0.1:1", upstream: "loki:3100" });
        },
      },
      { at: "fault-in-force", act: (stack) => stack.ask("site-link", "/reset", {}) },
    ];
    const fault: ScheduledFault = { kind: "slow", target: "site-link", latencyMs: 100, at: 0.5, until: 0.9 };
    const run = await runWith("direct/loki-restart", [fault], interference, { pipeline });
    expect(run.counts).toMatchObject({ written: 200, delivered: 200 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringMatching(why)]);
  });
});

describe("faults on a pipeline with Kafka", () => {
  it("are vacuous: a broker that nobody waits for, a twin that ends at once, a site that comes straight back", async () => {
    const single = await loadPipeline("kafka-hardened", "single");
    const pipeline = await changed(
      single,
      single.compose,
      (text) => text.replace("service: push-gateway }", "service: push-gateway }, restart: always"),
      { targets: { ...single.targets, "site-a": ["push-gateway"] } },
    );
    const run = await runWith(
      "kafka-hardened/rebalance",
      [
        { kind: "kill", target: "kafka-leader", at: 0, until: 0.05 },
        { kind: "join", target: "consumer", at: 0.6, until: 0.7 },
        { kind: "kill", target: "site-a", at: 0.8, until: 0.9 },
      ],
      [
        {
          at: "fault-injecting",
          act: async (stack, nth) => {
            if (nth === 1) await stack.killAtOnce("loki-kafka-consumer-twin");
          },
        },
      ],
      { pipeline, load: { lines: 600, linesPerSecond: 20, sources: 2 } },
    );
    expect(run.counts).toMatchObject({ written: 600, delivered: 600 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault kill kafka-leader did not take effect: .*but no push waited for it in the gateway/,
      ),
      expect.stringMatching(
        /^The fault join consumer did not take effect: the second loki-kafka-consumer ended with exit code 137; the group has [01] members with partitions/,
      ),
      expect.stringMatching(
        /^The fault kill site-a did not take effect: push-gateway: pid \d+ ended, but something started the container again after \d\.\d\d s/,
      ),
    ]);
  });

  it("are vacuous: a twin that leaves before it is to", async () => {
    const pipeline = await loadPipeline("kafka-hardened", "single");
    const run = await runWith(
      "kafka-hardened/rebalance",
      [{ kind: "join", target: "consumer", at: 0.1, until: 0.9 }],
      [
        {
          at: "fault-in-force",
          act: async (stack) => (await stack.container("loki-kafka-consumer-twin")).stop(),
        },
      ],
      { pipeline, load: { lines: 600, linesPerSecond: 40, sources: 12 } },
    );
    expect(run.counts).toMatchObject({ written: 600, delivered: 600 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault join consumer did not take effect: it did not last until it was to heal: the second loki-kafka-consumer ended with exit code 0/,
      ),
    ]);
  });
});
