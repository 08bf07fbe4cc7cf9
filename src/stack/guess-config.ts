import type { ComposeModel, ComposeService } from "./compose-model.ts";

/** What a Compose file seems to be, and what nobody but its owner can know. */
export interface Guess {
  shipper: string | undefined;
  /** Where the shipper's container finds log files. */
  logsFolder: string | undefined;
  loki: { service: string; port: number } | undefined;
  kafka: string[];
}

const shipperImage = /promtail|alloy|otel|opentelemetry|collector|fluent|vector|filebeat|logstash|logspout/i;
const lokiImage = /(^|\/|-)loki(:|$|-\d)/i;
const kafkaImage = /kafka|redpanda/i;
const notBrokers = /ui|exporter|connect|init|rest|consumer|producer|gateway/i;
const configFile = /\.(ya?ml|json|conf|toml|alloy|river|properties)$/;
const defaultPorts = { loki: 3_100, kafka: 9_092 };

/** Tells the hops of a Compose file by the images that its services run and the folders that they see. */
export function guess({ services }: ComposeModel): Guess {
  const all = Object.entries(services);
  const named = (form: RegExp) => all.filter(([name, { image = name }]) => form.test(image));
  const [shipper] = named(shipperImage);
  const [loki] = named(lokiImage).filter(([name]) => name !== shipper?.[0]);
  const brokers = named(kafkaImage).filter(
    ([name, { image = "" }]) => !notBrokers.test(name) && !notBrokers.test(image.split("/").at(-1)!),
  );
  return {
    shipper: shipper?.[0],
    logsFolder: shipper && logsFolderOf(shipper[1]),
    loki: loki && { service: loki[0], port: loki[1].ports[0]?.target ?? defaultPorts.loki },
    kafka: brokers.map(([name]) => name),
  };
}

/** A folder that is only read, and speaks of logs, if there is one. */
function logsFolderOf({ volumes }: ComposeService): string | undefined {
  const folders = volumes.filter(({ target }) => !configFile.test(target));
  const rank = ({ target, read_only }: (typeof folders)[number]) =>
    (/logs?\b/i.test(target) ? 2 : 0) + (read_only ? 1 : 0);
  return folders.sort((one, other) => rank(other) - rank(one))[0]?.target;
}

/**
 * The text of a configuration, with a comment at every key, and one that says what to fill in at what could not be told.
 *
 * @param compose the Compose file as the configuration is to name it
 */
export function configText(compose: string, { shipper, logsFolder, loki, kafka }: Guess): string {
  const fill = (value: string | undefined, example: string) => value ?? `FILL-IN # such as ${example}`;
  const kafkaBlock = [
    "kafka:",
    `  services: [${kafka.join(", ") || "kafka"}]`,
    `  port: ${defaultPorts.kafka} # of the listener that brokers advertise as SERVICE:PORT`,
    "  topic: FILL-IN # the topic of the lines",
    "  group: FILL-IN # the consumer group that delivers to Loki",
    "consumer:",
    "  service: FILL-IN # what delivers from Kafka to Loki",
  ];
  return [
    "# The hops of this pipeline, for Everyline: `everyline run loki-restart` in this folder starts it beside whatever else runs of",
    "# it, writes numbered lines, restarts its Loki, and tells what became of each line. docs/your-own-pipeline.md has every key.",
    `compose: ${compose}`,
    "",
    "source: # where the shipper's container finds the log files; Everyline puts files named *.log there",
    `  folder: ${fill(logsFolder, "/var/log/app")}`,
    "",
    "shipper:",
    `  service: ${fill(shipper, "promtail")}`,
    "",
    ...(kafka.length > 0
      ? kafkaBlock
      : ["# With a Kafka between shipper and Loki:", ...kafkaBlock.map((line) => `# ${line}`)]),
    "",
    "loki:",
    `  url: ${loki ? `http://${loki.service}:${loki.port}` : "FILL-IN # such as http://loki:3100"} # as the others in the stack reach it`,
    `  selector: '{service_name=~".+"}' # every stream that the log files above end up in, and no other`,
    "  # tenant: my-team",
    `  # basicAuth: { username: reader, password: "\${LOKI_PASSWORD}" } # from the environment`,
    `  # bearerToken: "\${LOKI_TOKEN}"`,
    "",
    "bounds: { lost: 0 } # what you promise yourself; duplicated: 0 for exactly once",
    "",
  ].join("\n");
}
