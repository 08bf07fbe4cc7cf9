import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
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

/** How many copies a Promtail may leave that loses no line. */
function mostCopiesOf(stack: string, scenario: string, { written }: { written: number }): number {
  // A push that times out while the network is cut may reach Loki when it heals, besides its retry.
  if (scenario === "network-partition") return mostInBatch;
  // After SIGKILL it reads again from its last saved position, with the time of reading; what the engine answers has the engine's time.
  return scenario === "promtail-crash/under-load" && stack === "stdout-files" ? written : 0;
}

describe.each(stacks)("a stack whose Promtail reads the stdout of containers: %s", (name) => {
  it.each(scenarios)(
    "%s comes to a true verdict, and nothing of another container is read",
    async (scenario) => {
      const stack = await stackOf(name);
      const { exitCode, stderr, document, report } = await stack.run(scenario, ...lines);
      expect(document?.reasons, stderr).toEqual([]);
      expect(exitCode, stderr).toBe(0);
      expect(document!.faults.map(({ effective }) => effective)).not.toContain(false);
      expect(document).toMatchObject({
        verdict: "holds",
        plan: { load: { by: "stdout" } },
        counts: { lost: 0, corrupted: 0, unexpected: 0 },
      });
      expect(document!.counts.duplicated).toBeLessThanOrEqual(mostCopiesOf(name, scenario, document!.counts));
      expectAllDelivered(document!.counts, 400);
      expect(await holdsSomebodyElses(report)).toBe(false);
      const label = [`com.docker.compose.project=${projectName(document!.runId)}`];
      expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    },
  );
});
