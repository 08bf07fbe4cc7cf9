import type { Guess, Guessed } from "./guess-config.ts";
import type { GuessedKafka } from "./guess-kafka.ts";

/** What Compose is called with, besides the files. */
interface ComposeCall {
  envFiles?: readonly string[] | undefined;
  profiles?: readonly string[] | undefined;
}

const defaultKafkaPort = 9_092;

/**
 * The text of a configuration, with a comment at every key, and `FILL-IN` with the reason where a value could not be determined.
 *
 * @param compose the Compose files as the configuration names them
 */
export function configText(
  compose: readonly string[],
  guess: Guess,
  { envFiles = [], profiles = [] }: ComposeCall = {},
): string {
  const { shipper, kafka, notes } = guess;
  return [
    "# Describes the parts of this pipeline to Everyline. `everyline run sink-restart` in this folder starts a separate copy of it,",
    "# writes numbered lines, restarts its Loki, and reports what happened to each line. docs/your-own-pipeline.md explains every key.",
    ...(notes.length === 0
      ? []
      : ["#", "# What to know before a run:", ...notes.map((note) => `# - ${note}.`)]),
    `compose: ${compose.length === 1 ? scalar(compose[0]!) : `[${compose.map(scalar).join(", ")}] # in this order`}`,
    ...(envFiles.length === 0 ? [] : [`envFile: [${envFiles.map(scalar).join(", ")}]`]),
    ...(profiles.length === 0 ? [] : [`profiles: [${profiles.map(scalar).join(", ")}]`]),
    "",
    ...sourceBlock(guess),
    "",
    "shipper:",
    `  service: ${filled(shipper, "promtail")}`,
    "",
    ...kafkaBlock(kafka),
    "",
    ...lokiBlock(guess),
    "",
    ...monitoringBlock(guess),
    "bounds: { lost: 0 } # your promise; duplicated: 0 for exactly once",
    "",
  ].join("\n");
}

function sourceBlock({ source, whyNoLine }: Guess): string[] {
  const { value } = source;
  const line =
    whyNoLine === undefined
      ? value?.line === undefined
        ? []
        : [
            `  line: ${quoted(value.line)} # what is written for each line, so that the shipper's stages take it`,
          ]
      : [`  line: FILL-IN # such as '{time} {level} {line}', what your application writes; ${whyNoLine}`];
  if (value !== undefined && "stdout" in value) {
    const { service, labels } = value.stdout;
    const pairs = Object.entries(labels).map(([label, text]) => `${scalar(label)}: ${scalar(text)}`);
    const given = [
      ...(service === undefined ? [] : [`service: ${scalar(service)}`]),
      ...(pairs.length === 0 ? [] : [`labels: { ${pairs.join(", ")} }`]),
    ];
    return [
      "source: # the shipper reads the output of containers; the load of a run is a container that writes lines to its stdout",
      `  stdout: ${given.length === 0 ? "{}" : `{ ${given.join(", ")} }`}${service === undefined ? "" : " # as whose container it appears"}`,
      ...line,
    ];
  }
  if (value !== undefined && "path" in value)
    return [
      "source: # the one log file that the shipper's container mounts",
      `  path: ${scalar(value.path)}`,
      ...line,
    ];
  const names = value?.file ?? "*.log";
  return [
    `source: # where the shipper's container finds the log files; Everyline puts files named ${names} there`,
    `  folder: ${filled({ ...source, value: value?.folder }, "/var/log/app")}`,
    ...(value?.file === undefined ? [] : [`  file: ${quoted(value.file)}`]),
    ...line,
  ];
}

function kafkaBlock(kafka: GuessedKafka | undefined): string[] {
  const lines = [
    "kafka:",
    `  services: [${kafka?.services.join(", ") ?? "kafka"}]`,
    `  port: ${kafka?.port ?? defaultKafkaPort} # of the listener that brokers advertise as SERVICE:PORT`,
    `  topic: ${kafka?.topic ?? "FILL-IN"} # the topic of the lines`,
    `  group: ${kafka?.group ?? "FILL-IN"} # the consumer group that delivers to Loki`,
    "consumer:",
    `  service: ${kafka?.consumer ?? "FILL-IN"} # what delivers from Kafka to Loki`,
  ];
  if (kafka === undefined)
    return ["# If there is a Kafka between shipper and Loki:", ...lines.map((line) => `# ${line}`)];
  const gateway = kafka.gateway === undefined ? [] : ["gateway:", `  service: ${kafka.gateway}`];
  return [...gateway, ...lines];
}

function monitoringBlock({ monitoring }: Guess): string[] {
  if (monitoring === undefined) return [];
  const { prometheus, port } = monitoring;
  return [
    "monitoring: # `run --alerts` tells which alerts of its own rules fire before lines are lost",
    `  prometheus: ${scalar(prometheus)}`,
    ...(port === undefined ? [] : [`  port: ${port}`]),
    "",
  ];
}

function lokiBlock({ loki, selector: { selector, why }, tenant }: Guess): string[] {
  const url = loki && `http://${loki.service}:${loki.port}${loki.prefix ?? ""}`;
  return [
    "loki:",
    `  url: ${url ?? "FILL-IN # such as http://loki:3100"} # as the others in the stack reach it`,
    ...selectorLines(selector, why),
    ...(loki === undefined || (loki.services.length === 1 && loki.services[0] === loki.service)
      ? []
      : [`  services: [${loki.services.join(", ")}] # all that run Loki`]),
    ...(loki?.writers === undefined
      ? []
      : [`  writers: [${loki.writers.join(", ")}] # its ingesters, which hold lines in memory`]),
    tenantLine(tenant),
    `  # basicAuth: { username: reader, password: "\${LOKI_PASSWORD}" } # from the environment`,
    `  # bearerToken: "\${LOKI_TOKEN}"`,
  ];
}

function selectorLines(selector: string | undefined, why: string | undefined): string[] {
  if (selector === undefined) return [`  selector: FILL-IN # such as '{job="app"}'; ${why}`];
  if (why === undefined)
    return [`  selector: ${quoted(selector)} # matches every stream of these lines, and no other`];
  return [
    `  # This matches every stream of this Loki; a narrower selector could not be determined: ${why}.`,
    `  selector: ${quoted(selector)} # change it to match every stream of these lines, and no other`,
  ];
}

function tenantLine({ value, why, candidates = [] }: Guessed<string>): string {
  if (value !== undefined) return `  tenant: ${JSON.stringify(value)} # as the stack says`;
  if (why === undefined) return "  # tenant: my-team";
  return `  tenant: ${fillIn("my-team", why, candidates)}`;
}

function filled({ value, why, candidates = [] }: Guessed<string>, example: string): string {
  if (value === undefined) return fillIn(example, why, candidates);
  return candidates.length === 0 ? value : `${value} # or ${candidates.join(", ")}`;
}

function fillIn(example: string, why: string | undefined, candidates: readonly string[]): string {
  const reason = why === undefined ? "" : `; ${why}`;
  const found = candidates.length === 0 ? "" : `; candidates: ${candidates.join(", ")}`;
  return `FILL-IN # such as ${example}${reason}${found}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text as YAML has it: as it is, if nothing in it means anything else. */
function scalar(text: string): string {
  return /^[A-Za-z/.][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : quoted(text);
}
