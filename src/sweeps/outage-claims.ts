/** The longest outage of the sink that the reference architecture says a pipeline survives without loss. */
export interface OutageClaim {
  seconds: number;
  text: string;
  source: string;
}

/** The scenarios whose first fault is such an outage. */
const outagesOfTheSink = ["sink-outage", "sink-down-24h"];

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

const claimsOfPipelines: Record<string, OutageClaim> = {
  direct: optionOne,
  "direct-hardened": optionOne,
  kafka: optionTwo,
  "kafka-hardened": optionTwo,
};

/** What is claimed of outages of a scenario on a pipeline; undefined if nothing is. */
export function outageClaimOf(pipelineName: string, scenarioName: string): OutageClaim | undefined {
  return outagesOfTheSink.includes(scenarioName) ? claimsOfPipelines[pipelineName] : undefined;
}
