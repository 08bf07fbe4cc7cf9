/** The longest outage of the sink that the reference architecture says a pipeline survives without loss. */
export interface OutageClaim {
  seconds: number;
  text: string;
  source: string;
}

const optionOne: OutageClaim = {
  seconds: 3_600,
  text: "Option 1 buffers about 1 hour.",
  source: "comparison of the options; it says 1 to 2 hours of maximal downtime as well",
};

const optionTwo: OutageClaim = {
  seconds: 7 * 86_400,
  text: "Option 2 buffers 7 days, and survives as much downtime.",
  source: "comparison of the options",
};

/**
 * By pipeline and the scenario that tests it. The queue of Option 2 deletes by the age of records, so its claim is not tested by outages in which
 * only the shipper's retries are scaled.
 */
const claims: Record<string, { scenario: string; claim: OutageClaim }> = {
  direct: { scenario: "sink-outage", claim: optionOne },
  "direct-hardened": { scenario: "sink-outage", claim: optionOne },
  kafka: { scenario: "sink-down-24h", claim: optionTwo },
  "kafka-hardened": { scenario: "sink-down-24h", claim: optionTwo },
};

/** What is claimed of outages of a scenario on a pipeline; undefined if nothing is. */
export function outageClaimOf(pipelineName: string, scenarioName: string): OutageClaim | undefined {
  const known = claims[pipelineName];
  return known?.scenario === scenarioName ? known.claim : undefined;
}
