import { z } from "zod";
import { currentName } from "../pipeline/former-names.ts";

/** Former names of scenarios, from when Loki was the only sink. These scenarios work with any sink. */
const calledAfterLoki = /^loki-(?=(?:restart|crash|outage|down-24h)(?:\/|$))/;
const linkToLoki = /^network-partition\/consumer-loki$/;

/** The present name of a scenario or a case; any other name is returned as it is. */
export function currentScenario(name: string): string {
  return name.replace(calledAfterLoki, "sink-").replace(linkToLoki, "network-partition/consumer-sink");
}

/** The present id of a claim, `PIPELINE/SCENARIO`. */
export function currentClaim(id: string): string {
  const slash = id.indexOf("/") + 1;
  return id.slice(0, slash) + currentScenario(id.slice(slash));
}

/** The name of a scenario in a stored document; a former name is replaced by the present one. */
export const scenarioName = z.string().overwrite(currentScenario);

/** The id of a claim in a stored document; a former id is replaced by the present one. */
export const claimId = z.string().overwrite(currentClaim);

/** The name of a part, a link or a group of services in a stored document; a former name is replaced by the present one. */
export const partName = z.string().overwrite(currentName);
