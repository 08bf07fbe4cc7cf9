import { claims } from "../../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../../src/plan/scenario.ts";
import { runClaim } from "./run-claim.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const wanted: [string, string, object, object][] = [
  ["late", "direct/loki-restart", { lines: 60, linesPerSecond: 30 }, { lateAfterSeconds: 1 }],
  ["kafka", "kafka/loki-down-24h", { lines: 120, linesPerSecond: 40, sources: 2 }, {}],
  ["sites", "kafka/datacenter-failure/mirrored", { lines: 100, linesPerSecond: 50, sources: 2 }, {}],
  ["broken", "direct/loki-outage/above-horizon", { lines: 100 }, {}],
];
for (const [name, id, load, bounds] of wanted) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const claim = claims.find((one) => one.id === id)!;
  try {
    const run = await runClaim(id, scenarios, "/tmp/judge-fix", {
      runId: name,
      seed: name,
      load,
      claim: { ...claim, bounds: { ...claim.bounds, ...bounds } },
    });
    console.log(
      name,
      run.verdict,
      JSON.stringify(run.reasons),
      JSON.stringify(run.counts),
      JSON.stringify(run.sites),
    );
  } catch (thrown) {
    console.log(name, "FAILED", thrown);
  }
}
process.exit(0);
