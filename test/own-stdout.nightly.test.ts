import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { expectEndingInSevenLost } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";
import { holdsSomebodyElses, useSomebodyElses } from "./support/somebody-elses.ts";

await needImages("node", "stdout-generator");

const docker = await connectEngine();
const stackOf = useOwnStacks(afterAll);
const stacks = ["stdout-files", "stdout-api"];
const scenarios = ["sink-restart", "promtail-restart", "promtail-crash/under-load", "network-partition"];
const lines = ["--lines", "400", "--rate", "40"];
/** Of 40 lines a second, what Promtail collects for a push in its second of waiting, and as much again for a busy machine. */
const mostInBatch = 84;

useSomebodyElses(docker);

const config = "everyline.config.yaml";
/** Of a line that was dropped nothing is heard, so a run waits as long as this. */
const soon = (text: string) => `${text}quietSeconds: 10\n`;
const dropsSevens = (stage: string) => (text: string) => `${text}${stage}`;

/** How many copies a Promtail may leave that loses no line. */
function mostCopiesOf(stack: string, scenario: string, { written }: { written: number }): number {
  // A push that times out while the network is cut may reach Loki when it heals, besides its retry.
  if (scenario === "network-partition") return mostInBatch;
  // After SIGKILL it reads again from its last saved position, with the time of reading; what the engine answers has the engine's time.
  return scenario === "promtail-crash/under-load" && stack === "stdout-files" ? written : 0;
}

/**
 * How many lines a run may lose. A Promtail that is stopped in an outage gives up the batches that it holds, whose lines count as read: one
 * that it retries, and one that it collects.
 */
function mostLostOf(scenario: string): number {
  return scenario === "promtail-restart/during-outage" ? mostInBatch : 0;
}

describe.each(stacks)("a stack whose Promtail reads the stdout of containers: %s", (name) => {
  it("is broken by exactly the lines that its own configuration drops", async () => {
    const stack = await stackOf(name, { [config]: soon });
    const stage =
      name === "stdout-files"
        ? "      - drop: { expression: '/[0-9]*7[^0-9]' }\n"
        : "    pipeline_stages:\n      - drop: { expression: '/[0-9]*7$' }\n";
    await stack.change("promtail.yaml", dropsSevens(stage));
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(1);
    expect(document!.verdict).toBe("broken");
    expectEndingInSevenLost(document!);
  });

  it.each(scenarios)(
    "%s comes to true verdicts, and nothing of another container is read",
    async (wanted) => {
      const stack = await stackOf(name);
      const { stderr } = await stack.run(wanted, ...lines);
      const outcomes = await stack.outcomes();
      expect(outcomes.length, stderr).toBe(wanted === "promtail-restart" ? 2 : 1);
      for (const { report, document } of outcomes) {
        const { verdict, counts, faults, plan, runId } = document!;
        expect(faults.map(({ effective }) => effective)).not.toContain(false);
        expect(counts.lost, stderr).toBeLessThanOrEqual(mostLostOf(plan.scenario));
        expect(verdict, stderr).toBe(counts.lost === 0 ? "holds" : "broken");
        expect(plan).toMatchObject({ load: { by: "stdout" } });
        expect(counts).toMatchObject({ corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
        expect(counts.written).toBeGreaterThanOrEqual(400);
        expect(counts.delivered + counts.lost).toBe(counts.written);
        expect(counts.duplicated).toBeLessThanOrEqual(mostCopiesOf(name, plan.scenario, counts));
        expect(await holdsSomebodyElses(report)).toBe(false);
        const label = [`com.docker.compose.project=${projectName(runId)}`];
        expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
      }
    },
  );
});
