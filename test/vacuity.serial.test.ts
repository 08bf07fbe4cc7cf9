import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { loadPipeline, type Pipeline } from "../src/pipeline/pipeline.ts";
import type { ScheduledFault } from "../src/plan/scenario.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { changed, type Interfered, type Interference, runWith } from "./support/interfered-run.ts";
import { needImages } from "./support/need-images.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const reportsFolder = await useReportsFolder(afterAll);
const direct = await loadPipeline("direct");
const kafka = await loadPipeline("kafka", "two-sites");
await needImages(kafka);
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
    reportsFolder,
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
      reportsFolder,
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
  const notLasting = "did not take effect: it ended before it was to heal: ";
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
      reportsFolder,
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
    const pipeline = await changed(reportsFolder, direct, direct.compose, (text) =>
      text
        .replaceAll("networks: [monitoring]", "networks: [monitoring, second]")
        .replace("networks:\n  monitoring:\n", "networks:\n  monitoring:\n  second:\n"),
    );
    const run = await runWith(
      reportsFolder,
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
