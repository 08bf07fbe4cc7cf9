import type { Guess } from "./guess-config.ts";

const defaultKafkaPort = 9_092;

/**
 * The text of a configuration, with a comment at every key, and `FILL-IN` with a hint where a value could not be determined.
 *
 * @param compose the Compose files as the configuration names them
 */
export function configText(compose: readonly string[], guess: Guess): string {
  const { shipper, logsFolder, whyNoFolder, loki, selector, whyNoSelector, tenant, kafka } = guess;
  const fill = (value: string | undefined, example: string, why?: string) =>
    value ?? `FILL-IN # such as ${example}${why === undefined ? "" : `; ${why}`}`;
  const kafkaBlock = [
    "kafka:",
    `  services: [${kafka.join(", ") || "kafka"}]`,
    `  port: ${defaultKafkaPort} # of the listener that brokers advertise as SERVICE:PORT`,
    "  topic: FILL-IN # the topic of the lines",
    "  group: FILL-IN # the consumer group that delivers to Loki",
    "consumer:",
    "  service: FILL-IN # what delivers from Kafka to Loki",
  ];
  return [
    "# Describes the parts of this pipeline to Everyline. `everyline run sink-restart` in this folder starts a separate copy of it,",
    "# writes numbered lines, restarts its Loki, and reports what happened to each line. docs/your-own-pipeline.md explains every key.",
    `compose: ${compose.length === 1 ? compose[0] : `[${compose.join(", ")}] # as \`docker compose up\` takes them`}`,
    "",
    "source: # where the shipper's container finds the log files; Everyline puts files named *.log there",
    `  folder: ${fill(logsFolder, "/var/log/app", whyNoFolder)}`,
    "",
    "shipper:",
    `  service: ${fill(shipper, "promtail")}`,
    "",
    ...(kafka.length > 0
      ? kafkaBlock
      : ["# If there is a Kafka between shipper and Loki:", ...kafkaBlock.map((line) => `# ${line}`)]),
    "",
    "loki:",
    `  url: ${loki ? `http://${loki.service}:${loki.port}` : "FILL-IN # such as http://loki:3100"} # as the others in the stack reach it`,
    ...(whyNoSelector === undefined
      ? [
          `  selector: '${selector.replaceAll("'", "''")}' # matches every stream of the log files above, and no other`,
        ]
      : [
          `  # This matches every stream of this Loki; a narrower selector could not be determined: ${whyNoSelector}.`,
          `  selector: '${selector}' # change it to match every stream of the log files above, and no other`,
        ]),
    ...(loki === undefined || (loki.services.length === 1 && loki.services[0] === loki.service)
      ? []
      : [`  services: [${loki.services.join(", ")}] # all that run Loki`]),
    ...(loki?.writers === undefined
      ? []
      : [`  writers: [${loki.writers.join(", ")}] # its ingesters, which hold lines in memory`]),
    tenant === undefined
      ? "  # tenant: my-team"
      : `  tenant: ${JSON.stringify(tenant)} # as the shipper says`,
    `  # basicAuth: { username: reader, password: "\${LOKI_PASSWORD}" } # from the environment`,
    `  # bearerToken: "\${LOKI_TOKEN}"`,
    "",
    "bounds: { lost: 0 } # your promise; duplicated: 0 for exactly once",
    "",
  ].join("\n");
}
