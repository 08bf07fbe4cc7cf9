import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline, type Pipeline } from "../src/pipeline/pipeline.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { casesOf, loadScenarios, type ScheduledFault } from "../src/plan/scenario.ts";
import type { JournalEvent } from "../src/store/journal.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const docker = await connectEngine();
const probeMs = 10;
const probes = 3_000;

/** Does something to a stack at an event of the run, as an operator or a supervisor might. */
interface Interference {
  at: string;
  /** Of which fault the event is, as `KIND TARGET`; an event of no fault if absent. */
  of?: string;
  /** How often it has come before, of this fault; each time if absent. */
  nth?: number;
  act: (stack: Interfered) => Promise<unknown>;
}

/** Takes the place of what is no longer there. */
function missing(thrown: { statusCode?: number }): undefined {
  if (thrown.statusCode !== 404) throw thrown;
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

  /** Posts to the server of a service. */
  async ask(service: string, path: string, body: object): Promise<void> {
    const { NetworkSettings: settings } = await (await this.container(service)).inspect();
    const [published] = Object.values(settings.Ports).flatMap((ports) => ports ?? []);
    const answer = await fetch(`http://127.0.0.1:${published!.HostPort}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  }

  /** Kills the container of a service as soon as one runs. One of before, which has ended, may still be there for a moment. */
  async killAtOnce(service: string): Promise<void> {
    for (let probe = 0; probe < probes; probe++) {
      const container = await this.container(service);
      const state = await container.inspect().catch(missing);
      if (state?.State.Running) return container.kill();
      await setTimeout(probeMs);
    }
    throw new Error(`${service} never ran`);
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
  const failures: unknown[] = [];
  const seen = new Map<string, number>();
  const onEvent = ({ event, kind, target }: JournalEvent) => {
    const fault = `${kind} ${target}`;
    const nth = seen.get(`${event} ${fault}`) ?? 0;
    seen.set(`${event} ${fault}`, nth + 1);
    for (const { at, of = fault, nth: which = nth, act } of interference)
      if (at === event && of === fault && which === nth)
        acts.push(act(stack).catch((thrown: unknown) => failures.push(thrown)));
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
  expect(failures).toEqual([]);
  return run;
}

const direct = await loadPipeline("direct");
const kafka = await loadPipeline("kafka", "two-sites");
await needImages(kafka, await loadPipeline("kafka-hardened", "single"));
const idle = ["idle-1", "idle-2"] as const;

/** `direct` with two shippers that ship nothing, each a target by itself, and a proxy that no line goes through. */
async function withIdleParts(): Promise<Pipeline> {
  const services = [
    ...idle.flatMap((name) => [
      `  ${name}:`,
      "    image: $PROMTAIL_IMAGE",
      "    command: -config.file=/etc/promtail/promtail-config.yaml",
      "    volumes: [./promtail-config.yaml:/etc/promtail/promtail-config.yaml:ro]",
      "",
    ]),
    "  site-link:",
    "    image: $LINK_IMAGE",
    '    ports: ["127.0.0.1:$LINK_PORT:8474"]',
    "    networks: [monitoring]",
  ];
  return changed(
    direct,
    direct.compose,
    (text) => text.replace("\nnetworks:\n", `\n${services.join("\n")}\n\nnetworks:\n`),
    {
      targets: { ingester: [idle[0]], "site-a": [idle[1]] },
      beside: {
        ...Object.fromEntries(
          idle.map((name) => [name, { ...direct.shipper, services: { [name]: null } }] as const),
        ),
        "site-link": kafka.beside["site-link"]!,
      },
    },
  );
}

describe("faults whose windows hold no line", () => {
  it("prove nothing: restart and rotation before the first line, restart, kill and rotation after the last", async () => {
    const run = await runWith(
      "direct/sink-restart",
      [
        { kind: "restart", target: "sink", at: 0 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0 },
        { kind: "restart", target: "sink", at: 1 },
        { kind: "kill", target: "ingester", at: 1, until: 1 },
        { kind: "rotate", target: "source", method: "rename-create", at: 1 },
      ],
      [],
      { pipeline: await withIdleParts() },
    );
    expectAllDelivered(run.counts, 200);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      "No line was written while restart sink held.",
      expect.stringMatching(/^The fault rotate source did not take effect: .*no line stood in it/),
      "No line was written while restart sink held.",
      "No line was written while kill ingester held.",
      expect.stringMatching(
        /^The fault rotate source did not take effect: .*(no line was to follow|nothing was rotated before the load ended)/,
      ),
    ]);
  });
});

// One stack for all of them: each fault has a part of the load to itself, in which something else interferes with it.
describe("faults that have no effect", async () => {
  const lines = 900;
  const lokiOf = (stack: Interfered) => stack.container("loki");
  const notLasting = "did not take effect: it did not last until it was to heal: ";
  const startedAgain = `${notLasting}loki: pid \\d+ ended, but something started the container again after \\d\\.\\d\\d s`;

  const cases: { what: string; fault: ScheduledFault; acts?: Interference[]; why: RegExp }[] = [
    {
      what: "a slow link without a connection",
      fault: { kind: "slow", target: "site-link", latencyMs: 100, at: 0.02, until: 0.06 },
      why: /^The fault slow site-link did not take effect: .*0 of 0 proxies of site-link have latency 100/,
    },
    {
      what: "a restart of a container that does not run",
      fault: { kind: "restart", target: "ingester", at: 0.05 },
      acts: [{ at: "proven", act: async (stack) => (await stack.container(idle[0])).kill() }],
      why: /^The fault restart ingester did not take effect: idle-1 did not run, so there was nothing to restart/,
    },
    {
      what: "a kill of a container that does not run",
      fault: { kind: "kill", target: "site-a", at: 0.09, until: 0.13 },
      acts: [{ at: "proven", act: async (stack) => (await stack.container(idle[1])).kill() }],
      why: /^The fault kill site-a did not take effect: idle-2 did not run, so there was nothing to end/,
    },
    {
      what: "a paused Loki that somebody has go on",
      fault: { kind: "pause", target: "sink", at: 0.02, until: 0.12 },
      acts: [
        {
          at: "fault-in-force",
          of: "pause sink",
          act: async (stack) => (await lokiOf(stack)).kill({ signal: "SIGCONT" }),
        },
      ],
      why: new RegExp(`^The fault pause sink ${notLasting}loki: pid \\d+ does not stand still`),
    },
    {
      what: "a stopped Loki that is started again at once",
      fault: { kind: "stop", target: "sink", at: 0.16, until: 0.28 },
      acts: [{ at: "fault-in-force", of: "stop sink", act: async (stack) => (await lokiOf(stack)).start() }],
      why: new RegExp(`^The fault stop sink ${startedAgain}`),
    },
    {
      what: "a killed Loki that is started, and is dead again when it heals",
      fault: { kind: "kill", target: "sink", at: 0.33, until: 0.48 },
      acts: [
        {
          at: "fault-in-force",
          of: "kill sink",
          act: async (stack) => {
            const loki = await lokiOf(stack);
            await loki.start();
            // Or it has ended by itself, as it may do when it is started in the very moment in which it was killed.
            await loki.kill().catch(() => {});
          },
        },
      ],
      why: new RegExp(`^The fault kill sink ${startedAgain}`),
    },
    {
      what: "a link that is put back",
      fault: { kind: "disconnect", target: "shipper-sink", at: 0.52, until: 0.64 },
      acts: [
        {
          at: "fault-in-force",
          of: "disconnect shipper-sink",
          nth: 0,
          act: async (stack) =>
            stack.network("monitoring").connect({
              Container: (await lokiOf(stack)).id,
              EndpointConfig: { Aliases: ["loki"] },
            }),
        },
      ],
      why: new RegExp(
        `^The fault disconnect shipper-sink ${notLasting}loki taken from the network monitoring, but the ends share \\S+_monitoring, while both ran`,
      ),
    },
    {
      what: "a cut link at whose end nothing runs any more",
      fault: { kind: "disconnect", target: "shipper-sink", at: 0.7, until: 0.82 },
      acts: [
        {
          at: "fault-in-force",
          of: "disconnect shipper-sink",
          nth: 1,
          act: async (stack) => (await lokiOf(stack)).kill(),
        },
        {
          at: "fault-healed",
          of: "disconnect shipper-sink",
          nth: 1,
          act: async (stack) => (await lokiOf(stack)).start(),
        },
      ],
      why: /^The fault disconnect shipper-sink .*but not all of the ends run/,
    },
    {
      what: "a slow link that is no longer slow when it heals",
      fault: { kind: "slow", target: "site-link", latencyMs: 100, at: 0.88, until: 0.95 },
      acts: [
        {
          at: "fault-healed",
          of: "slow site-link",
          nth: 0,
          act: (stack) => {
            const proxy = { name: "elsewhere", listen: "127.0.0.1:1", upstream: "loki:3100" };
            return stack.ask("site-link", "/proxies", proxy);
          },
        },
        {
          at: "fault-in-force",
          of: "slow site-link",
          nth: 1,
          act: (stack) => stack.ask("site-link", "/reset", {}),
        },
      ],
      why: new RegExp(`^The fault slow site-link ${notLasting}0 of 1 proxies of site-link have latency 100`),
    },
    {
      what: "a link that is cut after the last line",
      fault: { kind: "disconnect", target: "shipper-sink", at: 1, until: 1 },
      why: /^No line was written while disconnect shipper-sink held\.$/,
    },
  ];

  let run: RunDocument;
  beforeAll(async () => {
    run = await runWith(
      "direct/sink-restart",
      cases.map(({ fault }) => fault),
      cases.flatMap(({ acts = [] }) => acts),
      { pipeline: await withIdleParts(), load: { lines, linesPerSecond: 30, sources: 2 } },
    );
  });

  it("lose nothing, and prove nothing", () => {
    expectAllDelivered(run.counts, lines);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toHaveLength(cases.length);
  });

  it.each(cases.map(({ what, why }, index) => [what, why, index] as const))(
    "prove nothing: %s",
    (_, why, index) => {
      expect(reasonsOf(run)[index]).toMatch(why);
    },
  );
});

describe("a fault that does not do what it is meant to", () => {
  it("proves nothing: a link whose ends share another network", async () => {
    const pipeline = await changed(direct, direct.compose, (text) =>
      text
        .replaceAll("networks: [monitoring]", "networks: [monitoring, second]")
        .replace("networks:\n  monitoring:\n", "networks:\n  monitoring:\n  second:\n"),
    );
    const run = await runWith(
      "direct/sink-restart",
      [{ kind: "disconnect", target: "shipper-sink", at: 0.2, until: 0.8 }],
      [],
      { pipeline },
    );
    expectAllDelivered(run.counts, 200);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault disconnect shipper-sink did not take effect: loki taken from the network monitoring, but the ends share \S+_second, while both ran/,
      ),
    ]);
  });
});

describe("faults on a pipeline with Kafka", () => {
  it("prove nothing: no wait for a new leader, a second consumer that leaves early or at once, a site that returns at once", async () => {
    const twin = "loki-kafka-consumer-twin";
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
        { kind: "join", target: "consumer", at: 0.15, until: 0.55 },
        { kind: "join", target: "consumer", at: 0.65, until: 0.75 },
        { kind: "kill", target: "site-a", at: 0.85, until: 0.95 },
      ],
      [
        {
          at: "fault-in-force",
          of: "join consumer",
          nth: 0,
          act: async (stack) => (await stack.container(twin)).stop(),
        },
        { at: "fault-injecting", of: "join consumer", nth: 1, act: (stack) => stack.killAtOnce(twin) },
      ],
      { pipeline, load: { lines: 800, linesPerSecond: 20, sources: 12 } },
    );
    expectAllDelivered(run.counts, 800);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault kill kafka-leader did not take effect: .*but no push waited for it in the gateway/,
      ),
      expect.stringMatching(
        /^The fault join consumer did not take effect: it did not last until it was to heal: the second loki-kafka-consumer ended with exit code 0/,
      ),
      expect.stringMatching(
        /^The fault join consumer did not take effect: the second loki-kafka-consumer ended with exit code 137; the group has [01] members with partitions/,
      ),
      expect.stringMatching(
        /^The fault kill site-a did not take effect: push-gateway: pid \d+ ended, but something started the container again after \d\.\d\d s/,
      ),
    ]);
  });
});
