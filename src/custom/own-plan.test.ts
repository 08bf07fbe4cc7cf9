import { describe, expect, it } from "vitest";
import { planFault } from "../faults/plan-fault.ts";
import { linesOf, type OwnSource } from "../pipeline/own-source.ts";
import { loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { noServices } from "../pipeline/what-runs.ts";
import { unsupportedReason } from "../plan/choose-runs.ts";
import { casesOf, loadScenarios } from "../plan/scenario.ts";
import { missingFor, ownClaim } from "./own-plan.ts";

const runs = (await loadScenarios()).flatMap(casesOf);
const runOf = (name: string) => runs.find((run) => run.name === name)!;

/** What is known of a pipeline of the user's own. */
async function own(name: string): Promise<Pipeline> {
  const { targets: _, ...pipeline } = await loadPipeline(name, name === "kafka" ? "single" : undefined);
  const { config: __, ...shipper } = pipeline.shipper;
  return { ...pipeline, name: "shop", shipper, targets: {} };
}

/** The same where the shipper reads what a source says. */
async function written(source: OwnSource): Promise<Pipeline> {
  const deployment = {
    ...{ kind: "own" as const, composeFiles: [], configFile: "", logsPath: "/logs", secrets: [] },
    ...{ envFiles: [], services: noServices },
    ...{ images: new Map(), mounts: { empty: [], copy: [] }, unnamed: new Map(), replicas: new Map() },
    lines: linesOf(source),
  };
  return { ...(await own("direct")), deployment };
}

/** The same with its lines in files that a service writes. */
function filesOf(pipeline: Pipeline, service: string): Pipeline {
  const sink = {
    kind: "file" as const,
    services: { [service]: null },
    reader: service,
    ingesters: [service],
  };
  return { ...pipeline, selector: "/out/logs.json", sink };
}

describe("a scenario on a pipeline of the user's own", () => {
  it.each([
    "sink-restart",
    "sink-outage/above-horizon",
    "network-partition",
    "promtail-crash/during-outage",
    "file-rotation/copytruncate",
    "app-crash",
  ])("can be run where shipper and Loki are: %s", async (name) => {
    expect(missingFor(await own("direct"), runOf(name))).toBeUndefined();
  });

  it.each([
    ["consumer-stop", "needs a Kafka"],
    ["gateway-crash", "needs a gateway"],
    ["broker-kill", "needs a Kafka and a gateway in front of it"],
    ["network-partition/consumer-sink", "needs a network of its own between consumer and Loki"],
    ["loki-writer-crash", "needs an ingester"],
    ["as-written-config", "is about the document's own files"],
    [
      "sink-down-24h",
      "gives lines times spread over days, which the pipeline would have to use as timestamps",
    ],
    ["loki-backlog/spread", "is about settings of Everyline's own pipelines"],
    ["datacenter-failure/mirrored", "is about settings of Everyline's own pipelines"],
  ])("cannot be run where parts are missing: %s %s", async (name, why) => {
    expect(missingFor(await own("direct"), runOf(name))).toBe(why);
  });

  it("cannot where it needs a write-ahead log or chunks, and lines end in files", async () => {
    const files = filesOf(await own("direct"), "rsyslog");
    const specs = [
      { kind: "tear-wal", target: "sink", record: "last", by: "cut", at: 0.5, until: 0.6 },
      { kind: "await-wal", target: "sink", event: "disk-full", before: 0.9, at: 0.5 },
      { kind: "flush", target: "sink", at: 0.5 },
    ] as const;
    for (const spec of specs)
      expect(unsupportedReason(files, { ...runOf("sink-restart"), faults: [spec] }), spec.kind).toBe(
        "is about the write-ahead log of Loki, and the sink is the file sink",
      );
    for (const name of ["sink-restart", "sink-crash", "sink-pause", "promtail-crash/during-outage"])
      expect(missingFor(files, runOf(name)), name).toBeUndefined();
  });

  it("cannot where it breaks shipper and sink apart from each other, and one process is both", async () => {
    const pipeline = await own("direct");
    const [shipper] = Object.keys(pipeline.shipper.services);
    const both = filesOf(pipeline, shipper!);
    for (const name of ["both-crash", "promtail-crash/during-outage", "promtail-restart/during-outage"])
      expect(missingFor(both, runOf(name)), name).toBe(
        "breaks shipper and sink apart from each other, and both are promtail",
      );
    for (const name of ["sink-restart", "promtail-crash/under-load", "app-rotation/during-outage"])
      expect(missingFor(both, runOf(name)), name).toBeUndefined();
    const claim = ownClaim(
      both,
      runOf("app-rotation/during-outage"),
      { lost: 0 },
      { wanted: {}, isRealTime: false },
    );
    expect(claim.text).toMatch(/ during an outage of the file sink\. No line is lost\.$/);
  });

  it("can fill the disk of a part whose volume is of limited size, and of no other", async () => {
    const pipeline = { ...(await own("direct")), smallDisks: ["loki"] };
    expect(missingFor(pipeline, runOf("disk-full/sink"))).toBeUndefined();
    expect(missingFor(pipeline, runOf("disk-full/shipper"))).toMatch(
      /^fills a disk, and promtail writes to no volume of limited size that outlives it; give it one of at most 1 GiB/,
    );
    expect(missingFor(await own("direct"), runOf("disk-full/sink"))).toContain("loki writes to no volume");
    expect(missingFor(pipeline, runOf("disk-full/broker"))).toBe("needs a kafka-1");
  });

  it("can be run on Kafka where the pipeline has one", async () => {
    const pipeline = await own("kafka");
    for (const name of ["consumer-stop", "gateway-crash", "broker-kill", "network-partition/consumer-kafka"])
      expect(missingFor(pipeline, runOf(name)), name).toBeUndefined();
    expect(missingFor(pipeline, runOf("network-partition"))).toContain("network of its own");
  });

  it("cannot be run where it needs one container and the service has several", async () => {
    const pipeline = await own("kafka");
    const replicas = new Map(Object.keys(pipeline.consumer!.services).map((service) => [service, 2]));
    const deployment = {
      ...{ kind: "own" as const, composeFiles: [], configFile: "", logsPath: "/logs", secrets: [] },
      lines: linesOf({ folder: "/logs" }),
      ...{ envFiles: [], services: noServices },
      ...{ images: new Map(), mounts: { empty: [], copy: [] }, unnamed: new Map(), replicas },
    };
    const scaled = { ...pipeline, deployment };
    const [service] = replicas.keys();
    const rebalance = runOf("rebalance");
    expect(missingFor(scaled, rebalance)).toBe(
      `needs one container of ${service}, which has 2 containers; give it one (deploy.replicas or scale)`,
    );
    expect(() => planFault(rebalance.faults[0]!, scaled)).toThrow(
      `the fault join consumer needs one container of ${service}, which has 2 containers`,
    );
    expect(missingFor(scaled, runOf("consumer-stop"))).toBeUndefined();
  });

  it("writes a single file where the shipper reads one, and cannot be run where it needs several", async () => {
    const only = await written({ folder: "/logs", file: "access.log" });
    expect(missingFor(only, runOf("sink-restart"))).toBeUndefined();
    expect(missingFor(only, runOf("gateway-crash"))).toBe("needs a gateway");
    const kafka = await own("kafka");
    const [onlyKafka, several] = await Promise.all(
      ["access.log", "a-*.log"].map(async (file) => {
        const { deployment } = await written({ folder: "/logs", file });
        return { ...kafka, deployment };
      }),
    );
    expect(missingFor(onlyKafka!, runOf("gateway-crash"))).toBe(
      "writes 12 log files side by side, and the shipper reads a single one (access.log)",
    );
    expect(missingFor(several!, runOf("gateway-crash"))).toBeUndefined();
  });

  it("rotates files as their names allow it", async () => {
    const mounted = await written({ path: "/logs/app.log" });
    expect(missingFor(mounted, runOf("file-rotation/copytruncate"))).toBeUndefined();
    expect(missingFor(mounted, runOf("file-rotation/rename-create"))).toMatch(/app\.log itself is mounted/);
    const named = await written({ folder: "/logs", file: "access.log" });
    expect(missingFor(named, runOf("file-rotation/rename-create"))).toBeUndefined();
    const open = await written({ folder: "/logs", file: "app-*" });
    expect(missingFor(open, runOf("file-rotation/rename-create"))).toMatch(
      /a rotated file would have a name like app-\*/,
    );
  });

  it("cannot be written by an application that has names and lines of its own", async () => {
    expect(missingFor(await written({ folder: "/logs" }), runOf("app-crash"))).toBeUndefined();
    const formatted = await written({ folder: "/logs", line: "{time} {line}" });
    expect(missingFor(formatted, runOf("app-crash"))).toMatch(
      /is written by a NestJS application, .* source\.line$/,
    );
    expect(missingFor(formatted, runOf("sink-restart"))).toBeUndefined();
    const named = await written({ folder: "/logs", file: "*.json" });
    expect(missingFor(named, runOf("app-crash"))).toMatch(/source\.file/);
  });

  it("cannot break a Loki that is outside of the stack", async () => {
    const pipeline = await own("direct");
    const far = { ...pipeline, sink: { ...pipeline.sink, services: {} } };
    expect(missingFor(far, runOf("sink-restart"))).toBe("has no container of Loki to break");
  });
});

describe("the claim of such a run", () => {
  it("says for how long the outage is held, and claims nothing about a longer one", async () => {
    const claim = ownClaim(
      await own("direct"),
      runOf("sink-outage/above-horizon"),
      { lost: 0 },
      { wanted: {}, isRealTime: false },
    );
    expect(claim.id).toBe("shop/sink-outage/above-horizon");
    expect(claim.text).toBe("An outage (stop Loki) is held for 27 s. No line is lost.");
    const longer = ownClaim(
      await own("direct"),
      { ...runOf("sink-outage/above-horizon"), outage: { lasts: "10m" } },
      { lost: 0 },
      { wanted: {}, isRealTime: true },
    );
    expect(longer.text).toBe("An outage (stop Loki) is held for 10 min. No line is lost.");
    const faster = ownClaim(
      await own("direct"),
      runOf("sink-outage/above-horizon"),
      { lost: 0 },
      { wanted: { linesPerSecond: 70, lines: 1_000 }, isRealTime: false },
    );
    expect(faster.text).toBe("An outage (stop Loki) is held for 10 s. No line is lost.");
  });

  it("names the user's own shipper and bounds", async () => {
    const bounds = { duplicated: 0 };
    const load = { wanted: {}, isRealTime: false };
    const claim = ownClaim(await own("direct"), runOf("promtail-restart"), bounds, load);
    expect(claim.text).toBe(
      "The shipper (promtail) is restarted gracefully (docker restart) three times while lines are written. " +
        "Bounds as configured.",
    );
    expect(claim.bounds).toBe(bounds);
  });
});
