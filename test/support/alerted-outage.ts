import type { RunDocument } from "../../src/judge/run-document.ts";
import { loadPipeline } from "../../src/pipeline/pipeline.ts";
import { claims } from "../../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../../src/plan/scenario.ts";
import { needImages } from "./need-images.ts";
import { runClaim } from "./run-claim.ts";

const pipeline = await loadPipeline("direct");
await needImages("prometheus", "alertmanager", "alert-receiver");
const scenarios = (await loadScenarios()).flatMap(casesOf);

const outage = "direct/sink-outage/above-horizon";
/** The outage that is longer than the shipper's retries, with a claim that allows the loss. */
const claim = { ...claims.find(({ id }) => id === outage)!, bounds: {} };

/** Carries out the outage with alerts expected. `meddle` is called when an event is noted. */
export function alertedOutage(
  reportsFolder: string,
  runId: string,
  meddle: (event: string) => void = () => {},
): Promise<RunDocument> {
  const onEvent = ({ event }: { event: string }) => meddle(event);
  return runClaim(
    outage,
    scenarios,
    reportsFolder,
    { runId, claim, pipeline, alerts: { expected: true } },
    { onEvent },
  );
}
