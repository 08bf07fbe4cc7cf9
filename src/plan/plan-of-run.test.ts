import { describe, expect, it } from "vitest";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { renderPlans } from "../report/plan-terminal.ts";
import type { Claim } from "./claim.ts";
import { claims } from "./claims/table.ts";
import { type Plan, planSchema } from "./plan.ts";
import { type PlanRequest, planOf, seeded } from "./plan-of-run.ts";
import { casesOf, loadScenarios } from "./scenario.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);

async function planFor(claim: Claim, changes: Partial<PlanRequest> = {}): Promise<Plan> {
  const scenario = scenarios.find(({ name }) => name === claim.scenario)!;
  const request = {
    scenario,
    pipeline: await loadPipeline(claim.pipeline, scenario.layout),
    claim,
    load: {},
    realTime: false,
    withFaults: true,
    ...changes,
  };
  return planOf(request);
}

function claimOf(id: string): Claim {
  return claims.find((claim) => claim.id === id)!;
}

describe("a plan", () => {
  it("tells of every claim what each fault has to show", async () => {
    for (const claim of claims) {
      const plan = planSchema.strict().parse(await planFor(claim));
      const { faults } = scenarios.find(({ name }) => name === claim.scenario)!;
      expect(plan.schedule).toHaveLength(faults.length);
      for (const { expected, injected, healed } of plan.schedule) {
        expect(expected).toMatch(/^\S.{20,}\S$/);
        if (healed) expect(healed.line).toBeGreaterThanOrEqual(injected.line);
      }
      expect(plan.images.every(({ references }) => references.length > 0)).toBe(true);
    }
  });

  it("has the outage's length in real time, and none of its lapse", async () => {
    const claim = claimOf("kafka/sink-down-24h");
    const [lapsed, real] = await Promise.all([planFor(claim), planFor(claim, { realTime: true })]);
    expect(lapsed.timeLapse).toMatchObject({ outageSeconds: 86_400 });
    expect(lapsed.schedule[0]).toMatchObject({ audit: "kafka", injected: { line: 0, seconds: 0 } });
    expect(real.timeLapse).toBeNull();
    expect(real.schedule[0]!.healed!.seconds).toBeCloseTo(86_400, 0);
  });

  it("predicts when the shipper gives up, with its retry periods scaled, where its configuration is known", async () => {
    const { retries, timeScale } = await planFor(claimOf("direct/sink-outage/below-horizon"));
    expect(timeScale).toBeLessThan(1);
    expect(retries!.backoff.minPeriodMs).toBeCloseTo(500 * timeScale);
    expect(retries!.horizon!.earliestMs).toBeCloseTo(255_500 * timeScale);
    const { retries: hardened } = await planFor(claimOf("direct-hardened/sink-outage/below-horizon"));
    expect(hardened!.horizon).toBeNull();
  });

  it("says of each fault which parts it ends, and whether the shipper is stopped by it", async () => {
    const { parts, schedule } = await planFor(claimOf("kafka/sink-down-24h"));
    expect(parts).toEqual(["shipper", "gateway", "kafka", "consumer", "sink"]);
    expect(schedule[0]).toMatchObject({ kind: "stop", ends: ["sink"], stopsShipper: false });
    const direct = await planFor(claimOf("direct/sink-outage/below-horizon"));
    expect(direct.schedule[0]).toMatchObject({ ends: ["sink"], stopsShipper: true });
  });

  it("gets a seed for each run, which is in the command that carries it out again", async () => {
    const plan = await planFor(claimOf("direct/sink-restart"));
    expect(plan.seed).toBeNull();
    const { seed, command, ...rest } = seeded(plan, "abc");
    expect(seed).toBe("abc");
    expect(command.join(" ")).toBe("run sink-restart --pipeline direct --layout single --seed abc");
    expect({ ...rest, seed: null, command: plan.command }).toEqual(plan);
  });

  it("has the lines that the caller wants, and no fault in a control run", async () => {
    const load = { lines: 50, linesPerSecond: 10 };
    const plan = await planFor(claimOf("direct/sink-restart"), { load, withFaults: false });
    expect(plan.load).toEqual({ lines: 50, linesPerSecond: 10, seconds: 5, sources: 2, by: "generator" });
    expect(plan.schedule).toEqual([]);
    expect(plan.expected.join()).toContain("the verdict cannot be holds");
  });

  it("is shown in the terminal as this table", async () => {
    const plan = await planFor(claimOf("direct/sink-outage/below-horizon"));
    expect(renderPlans([plan], 1)).toMatchInlineSnapshot(`
      "┌───────────────┬───────────────────────────────────────────────────────────────────────────────────────────────┐
      │ claim         │ direct/sink-outage/below-horizon: An outage of Loki shorter than Promtail's retries loses no  │
      │               │ line.                                                                                         │
      │ pipeline      │ direct, layout single                                                                         │
      │ promised      │ no loss                                                                                       │
      │ what happens  │ The sink is stopped for less time than the documented retries last.                           │
      │ load          │ 1,000 lines at 137 a second (7.30 s) into 2 files, written by the generator                   │
      │ retries       │ the shipper's retry periods times 0.025                                                       │
      │ predicted     │ by its configuration the shipper gives up after 6.4 to 22.8 s                                 │
      │ images        │ promtail: grafana/promtail:3.6.4, else everyline/promtail:3.6.4                               │
      │               │ loki: grafana/loki:3.6.4, else everyline/loki:3.6.4                                           │
      │ fault         │ stop sink when line 150 is written (1.09 s), healed when line 850 is written (6.21 s)         │
      │   expected    │ loki: the process ends, and the container is not started again until it heals; lines are      │
      │               │ written meanwhile                                                                             │
      │ also expected │ the first line of each source is readable before any fault                                    │
      │               │ Loki is read completely twice, before and after it has written the lines in its memory to its │
      │               │ store, and both readings agree with each other and with its own count                         │
      └───────────────┴───────────────────────────────────────────────────────────────────────────────────────────────┘
      "
    `);
  });

  it("watches for alerts with the rules of the pipeline, and their periods scaled as retries and lapsed outages are", async () => {
    const alertsOf = async (id: string, realTime = false) =>
      (await planFor(claimOf(id), { alerts: { expected: true }, realTime })).alerts!;
    const { ruleSets } = (await loadPipeline("direct")).monitoring!;
    const restart = await alertsOf("direct/sink-restart");
    expect(restart).toEqual({ timeScale: 1, ruleSets, expected: true });
    expect((await alertsOf("direct/sink-outage/above-horizon")).timeScale).toBeCloseTo(1 / 40);
    expect((await alertsOf("direct/sink-outage/above-horizon", true)).timeScale).toBe(1);
    // An outage of 24 h in less than a minute would be 1/2000.
    expect((await alertsOf("kafka/sink-down-24h")).timeScale).toBe(1 / 100);
  });

  it("names the images of what watches, the expectation, and the option that repeats it", async () => {
    const claim = claimOf("direct/sink-restart");
    const [plain, watched] = await Promise.all([
      planFor(claim),
      planFor(claim, { alerts: { expected: true } }),
    ]);
    expect(plain.alerts).toBeNull();
    expect(watched.images.length).toBeGreaterThan(plain.images.length);
    expect(watched.expected.length).toBe(plain.expected.length + 1);
    expect(watched.command).toContain("--expect-alerts");
    expect(renderPlans([watched], 1)).toMatch(/watched with the rules of .*breaks the claim/s);
    const byOwn = { ...plain, alerts: { timeScale: 1, ruleSets: [], expected: false } };
    expect(renderPlans([byOwn], 1)).toContain("watched with the rules of your own Prometheus");
  });

  it("refuses to watch a pipeline that nothing watches", async () => {
    const claim = claims.find(({ pipeline }) => pipeline === "known-bad")!;
    await expect(planFor(claim, { alerts: { expected: false } })).rejects.toThrow(
      /nothing watches the layout before-loki of known-bad for alerts; omit --alerts/,
    );
  });
});
