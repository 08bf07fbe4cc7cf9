import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { casesOf, loadScenarios, type RunnableScenario, type ScheduledFault } from "../src/plan/scenario.ts";
import { expectWritten } from "./support/all-delivered.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

const out = await useReportsFolder(afterAll);
const scenarios = (await loadScenarios()).flatMap(casesOf);

describe("a damaged record of Loki's WAL", () => {
  const name = "known-bugs/loki-torn-wal-record/flipped";
  const id = `direct-hardened/${name}`;

  it("loses each line in it and behind it, and Loki reports no error", async () => {
    const document = await runClaim(id, scenarios, out);
    const [fault] = document.faults as [(typeof document.faults)[0]];
    const { effective } = fault;
    const evidence = evidenceOf(fault);
    const [, behind, before] = /(\d+) lines stand in it or behind it alone, (\d+) before it/.exec(evidence)!;
    expect(effective).toBe(true);
    expect(evidence).toMatch(/byte \d+ of segment 0{8} was 0x.. and is 0x../);
    expect(document).toMatchObject({ verdict: "broken", counts: { duplicated: 0, corrupted: 0 } });
    expect(Number(behind)).toBeGreaterThan(0);
    // A push that was under way when Loki was killed may stand in the WAL, too, and is sent again.
    expect(document.counts.lost).toBeLessThanOrEqual(Number(behind));
    expect(document.counts.lost).toBeGreaterThan(Number(behind) / 2);
    expect(new Set(document.lost.map(({ hop }) => hop))).toEqual(new Set(["sink"]));
    // The sentinels of both sources come back as well.
    expect(reasonsOf(document).at(-1)).toContain(`recovered ${Number(before) + 2} entries`);
    expect(reasonsOf(document).at(-1)).toContain("that 0 corruptions were found");
    const log = await readFile(join(out, document.runId, "containers/loki.log"), "utf8");
    const replays = log.split("\n").filter((line) => line.includes("WAL segment recovery finished"));
    expect(replays).toHaveLength(2);
    for (const replay of replays) expect(replay).toMatch(/^level=info .*errors=false$/);
  });

  it("cannot be made where the WAL holds no line yet", async () => {
    const scenario = scenarios.find((candidate) => candidate.name === name)!;
    const early = scenario.faults.map((fault) => ({ ...fault, at: 0, until: 0.2 }) as ScheduledFault);
    const changed: RunnableScenario = { ...scenario, faults: early };
    const document = await runClaim(id, [changed], out, { load: { lines: 400 } });
    expect(document).toMatchObject({
      verdict: "unknown",
      counts: { lost: 0 },
      faults: [{ effective: false }],
    });
    expectWritten(document.counts, 400);
    expect(evidenceOf(document.faults[0])).toContain("loki: no line stands in its log");
  });
});

describe("a push that Loki refuses in part", () => {
  it("is answered with 204 as a whole, and only Loki's own counter shows the refused lines", async () => {
    const document = await runClaim("direct-short-window/known-bugs/loki-refuses-with-204", scenarios, out);
    expect(document).toMatchObject({
      verdict: "broken",
      counts: { written: 1_920, lost: 10 },
      discarded: { too_far_behind: 10 },
    });
    const [loss, ...others] = document.lost as [(typeof document.lost)[0]];
    expect(others).toEqual([]);
    expect(loss).toMatchObject({ source: "app-1", from: 20, to: 29 });
    // One batch in 48 ends with the stream that is refused: only then Promtail hears of it, and gives up all 48.
    const journal = await readFile(join(out, document.runId, "journal.ndjson"), "utf8");
    const { shipper } = journal
      .split("\n")
      .filter((line) => line.includes('"event":"counters"'))
      .map((line) => JSON.parse(line))
      .at(-1);
    const isSilent = Object.keys(shipper.dropped).length === 0;
    expect(isSilent ? shipper.sent : shipper.dropped.ingester_error).toBeGreaterThanOrEqual(
      isSilent ? 1_968 : 48,
    );
    expect(loss).toMatchObject(
      isSilent ? { hop: "sink", reason: "acknowledged, though refused: too_far_behind" } : { hop: "unknown" },
    );
  });
});
