/** A change of one of the user's files. */
export interface Change {
  file: string;
  find: string | RegExp;
  put: string;
}

/** A change by which a stack loses lines, and which ones. */
export interface Damage extends Change {
  /** What it does, for the page. */
  says: string;
  /** Whether it loses a line, by the line's text. */
  loses: (line: string) => boolean;
}

/** What comes of a stack: a verdict, as it is and damaged, or a refusal before anything starts. */
type Outcome =
  | {
      /** The change of the configuration or of the stack that is needed, if one is. */
      edit?: Change & { says: string };
      damage: Damage;
    }
  | {
      /** What is told, in one line. */
      refusal: RegExp;
    };

/** A stack of `fixtures/people`, and what has to come of it. */
export interface PeopleStack {
  name: string;
  /** What stops people with stacks like this one, for the page. */
  special: string;
  /** How `init` is called there. */
  options?: string[];
  environment?: Record<string, string>;
  /** The configuration that `init` writes, without `bounds`, which is the same in all of them. */
  writes: Record<string, unknown>;
  outcome: Outcome;
}

const endsInSeven = (line: string) => /Test log \d*7 /.test(line);
const inSeven = { says: "a stage drops lines whose number ends in 7", loses: endsInSeven };
const dropStage = `- drop: { expression: "Test log [0-9]*7 " }`;
/** In bytes; the sentinels of the seed that is used are shorter. */
const longest = 220;
const tooLong = (line: string) => Buffer.byteLength(line) > longest;

/** Adds `pipeline_stages` to the last job of a Promtail's configuration. */
const stageAtEnd = (file: string, stage = dropStage): Change => ({
  file,
  find: /\s*$/,
  put: `\n    pipeline_stages:\n      ${stage}\n`,
});

/** Adds a stage to those that there are, after one of them. */
const stageAfter = (file: string, find: RegExp, stage = dropStage): Change => ({
  file,
  find,
  put: `$&      ${stage}\n`,
});

/** Fifteen stacks as people write them; `fixtures/people` has their files. The order is that of the page. */
export const peopleStacks: PeopleStack[] = [
  {
    name: "first-steps",
    special:
      "a tutorial's stack: Loki as its image configures it, fixed names and ports, a folder of settings mounted without `:ro`, a Grafana",
    writes: {
      compose: "docker-compose.yml",
      source: { folder: "/var/log/orders" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{job="orders", env="dev"}' },
    },
    outcome: { damage: { ...stageAtEnd("promtail/promtail.yml"), ...inSeven } },
  },
  {
    name: "server-logs",
    special:
      "`/var/log` of the machine beside the application's own folder, two jobs, external labels from a variable",
    writes: {
      compose: "compose.yaml",
      source: { folder: "/data/tickets" },
      shipper: { service: "shipper" },
      loki: { url: "http://logs:3100", selector: '{stage="production", job="tickets"}' },
    },
    outcome: {
      damage: {
        says: `a stage drops lines longer than ${longest} bytes`,
        ...stageAfter("promtail.yml", /$/, `- drop: { longer_than: ${longest}b }`),
        loses: tooLong,
      },
    },
  },
  {
    name: "container-files",
    special: "containers log to stdout; Promtail reads the files that Docker keeps of it",
    writes: {
      compose: "docker-compose.yml",
      source: { stdout: {}, line: "{line}" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{job="containerlogs"}' },
    },
    outcome: {
      damage: { ...stageAfter("promtail-config.yml", / {6}- output:\n.*\n/), ...inSeven },
    },
  },
  {
    name: "labelled-containers",
    special:
      "Promtail asks Docker's socket for the containers that have a label; a Traefik has the socket as well",
    writes: {
      compose: "compose.yml",
      source: { stdout: { service: "catalogue" } },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{container=~".+"}' },
    },
    outcome: { damage: { ...stageAtEnd("promtail.yaml"), ...inSeven } },
  },
  {
    name: "tenant-and-addresses",
    special:
      "a tenant from a variable, a fixed subnet and addresses, names of containers, a logging driver that sends elsewhere",
    writes: {
      compose: "docker-compose.yaml",
      source: { folder: "/logs/crane" },
      shipper: { service: "log-agent" },
      loki: { url: "http://logs-db:3100", selector: '{app="crane"}', tenant: "harbour" },
    },
    outcome: {
      damage: {
        says: "a stage drops lines by a selector with a filter",
        ...stageAtEnd(
          "agent/agent.yaml",
          `- match: { selector: '{app="crane"} |~ "Test log [0-9]*7 "', action: drop }`,
        ),
        loses: endsInSeven,
      },
    },
  },
  {
    name: "gateway-and-store",
    special:
      "three Lokis (`replicas: 3`) behind a gateway, chunks in an object store, no `depends_on` anywhere",
    writes: {
      compose: "compose.yaml",
      source: { folder: "/srv/logs" },
      shipper: { service: "agent" },
      loki: { url: "http://loki:3100", selector: '{app="meters", site="north"}' },
    },
    outcome: {
      damage: {
        says: `Loki refuses lines longer than ${longest} bytes`,
        file: "loki.yaml",
        find: "max_line_size: 256KB",
        put: `max_line_size: ${longest}`,
        loses: tooLong,
      },
    },
  },
  {
    name: "several-files",
    special: "two Compose files, `include`, `extends`, a profile and an env file",
    options:
      "-f docker-compose.yml -f docker-compose.logging.yml --env-file prod.env --profile logging".split(" "),
    writes: {
      compose: ["docker-compose.yml", "docker-compose.logging.yml"],
      envFile: ["prod.env"],
      profiles: ["logging"],
      source: { folder: "/var/log/ferry" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{job="ferry"}' },
    },
    outcome: { damage: { ...stageAtEnd("ops/promtail.yml"), ...inSeven } },
  },
  {
    name: "built-and-foreign",
    special:
      "a Promtail that is built, an application that cannot be, a node exporter on the host's network, an external network",
    // No registry answers where the tests run, so that the Dockerfile has to begin with the image that is there.
    environment: { PROMTAIL_IMAGE: "everyline/promtail:3.6.4" },
    writes: {
      compose: "docker-compose.yml",
      source: { folder: "/app/logs" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{service="app"}' },
      monitoring: { prometheus: "prometheus" },
    },
    outcome: { damage: { ...stageAtEnd("promtail/config.yml"), ...inSeven } },
  },
  {
    name: "web-server-logs",
    special: "file names fixed in `__path__`, and an expression that takes the lines of a web server apart",
    writes: {
      compose: "compose.yaml",
      source: {
        folder: "/var/log/nginx",
        file: "access.log",
        line: 'x - x [{time}] "A {line} HTTP/1" 111 1',
      },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{job="nginx", kind="access"}' },
    },
    outcome: { damage: { ...stageAfter("promtail.yaml", / {6}- labels:.*\n/), ...inSeven } },
  },
  {
    name: "json-lines",
    special:
      "JSON of the application's own: time, level and message are taken out, and only the message is stored",
    writes: {
      compose: "docker-compose.yml",
      source: {
        folder: "/logs",
        file: "payments-*.json",
        line: '{"@timestamp":"{time}","log":{"level":"{level}"},"message":"{line}","trace_id":"x"}',
      },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{app="payments"}' },
    },
    outcome: {
      damage: {
        says: "a stage drops lines by a field",
        ...stageAfter(
          "etc/promtail.yaml",
          / {6}- labels:.*\n/,
          `- drop: { source: msg, expression: ".*Test log [0-9]*7 .*" }`,
        ),
        loses: endsInSeven,
      },
    },
  },
  {
    name: "one-file",
    special: "a single file is mounted, whose entries have several lines; an expression takes them apart",
    writes: {
      compose: "docker-compose.yml",
      source: { path: "/logs/depot.log", line: "{time} A [x] x - {line}" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{application="depot"}' },
    },
    outcome: {
      damage: { ...stageAfter("promtail.yml", / {6}- labels:.*\n/), ...inSeven },
    },
  },
  {
    name: "collector",
    special: "the OpenTelemetry Collector reads files and sends them to Loki over OTLP",
    writes: {
      compose: "compose.yaml",
      source: { folder: "/app/logs" },
      shipper: { service: "otel-collector" },
      loki: {
        url: "http://loki:3100",
        selector: '{service_name="checkout", deployment_environment="staging"}',
      },
    },
    outcome: {
      damage: {
        says: "an operator filters lines whose number ends in 7",
        file: "otel/config.yaml",
        find: / {4}start_at: beginning\n/,
        put: `$&    operators:\n      - { type: filter, expr: 'body matches "Test log [0-9]*7 "' }\n`,
        loses: endsInSeven,
      },
    },
  },
  {
    name: "network-gear",
    special: "only syslog and the machine's journal",
    writes: {
      compose: "docker-compose.yml",
      source: { folder: "FILL-IN" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{service_name=~".+"}' },
    },
    outcome: {
      refusal: /source\.folder: .* it reads no files but syslog, the journal .* read a folder of log files/,
    },
  },
  {
    name: "driver-only",
    special: "a logging driver of Docker's sends the lines; there is no shipper",
    writes: {
      compose: "compose.yaml",
      source: { folder: "FILL-IN" },
      shipper: { service: "FILL-IN" },
      loki: { url: "http://loki:3100", selector: '{service_name=~".+"}' },
    },
    outcome: { refusal: /shipper\.service: .* no service runs a program that ships lines .* add a shipper/ },
  },
  {
    name: "from-kafka",
    special: "applications write into Kafka themselves; Promtail only takes lines out of it",
    writes: {
      compose: "compose.yaml",
      source: { folder: "FILL-IN" },
      shipper: { service: "FILL-IN" },
      kafka: { services: ["kafka"], port: 9092, topic: "sensor-logs", group: "promtail" },
      consumer: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{service_name=~".+"}' },
    },
    outcome: {
      refusal:
        /shipper\.service: .* no service reads log files or the output of containers; .* read a folder of log files/,
    },
  },
];
