import { z } from "zod";
import { currentName } from "../pipeline/former-names.ts";

/** Scenarios that were called after Loki while Loki was the only sink; they are about whatever sink a pipeline has. */
const calledAfterLoki = /^loki-(?=(?:restart|crash|outage|down-24h)(?:\/|$))/;
const linkToLoki = /^network-partition\/consumer-loki$/;

/** The name that a scenario, or a case of one, has now; any other name stays as it is. */
export function currentScenario(name: string): string {
  return name.replace(calledAfterLoki, "sink-").replace(linkToLoki, "network-partition/consumer-sink");
}

/** The id that a claim has now: `PIPELINE/SCENARIO`. */
export function currentClaim(id: string): string {
  const slash = id.indexOf("/") + 1;
  return id.slice(0, slash) + currentScenario(id.slice(slash));
}

/** The name of a scenario in a document, which may have been stored when the scenario had another. */
export const scenarioName = z.string().overwrite(currentScenario);

/** The id of a claim in a document, likewise. */
export const claimId = z.string().overwrite(currentClaim);

/** The name of a part, a link or a group of services in a document, likewise. */
export const partName = z.string().overwrite(currentName);
