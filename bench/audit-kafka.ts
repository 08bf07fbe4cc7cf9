import { grouped } from "../src/report/describe.ts";
import type { Benchmark, BenchmarkOptions, Row, Side } from "./benchmark.ts";
import { freePort, startContainer, withPrograms } from "./container.ts";
import { measured } from "./measure.ts";
import { countedLines, readEachOnce } from "./proofs.ts";
import { type Contender, sideBySide, timesAsFast } from "./side-by-side.ts";

const image = "everyline/kafka:4.3.0";
const fullRecords = 10_000_000;
const partitions = 6;
const topic = "lines";

/** The audit of a topic, every byte compared and every record stored, beside what prints the same records. */
export const auditKafkaSpeed: Benchmark = {
  name: "audit-kafka",
  question: "How fast is every record of a Kafka topic read and compared with what was written?",
  async run(options) {
    await withPrograms(options.folder);
    const port = await freePort();
    await using kafka = await startKafka(options.folder, port);
    const records = Math.ceil(fullRecords * options.scale);
    await fill(records, port, options);
    const broker = `127.0.0.1:${port}`;
    const kcat = `kcat -C -b ${broker} -t ${topic} -o beginning -e -q`;
    const consumer = `docker exec ${kafka.name} /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server ${broker} --topic ${topic} --from-beginning --max-messages ${records}`;
    const [subject, ...peers] = await sideBySide(
      [
        auditing(port, records),
        counting(`${kcat} | wc -l`, records, "kcat"),
        counting(`${kcat} | LC_ALL=C sort -u | wc -l`, records, "kcat"),
        counting(`${consumer} 2>/dev/null | wc -l`, records, "docker"),
      ],
      options,
    );
    const names = [
      "`kcat`, which only prints",
      "`kcat` and `sort`",
      "`kafka-console-consumer`, which only prints",
    ];
    return names.map(
      (name, index): Row => ({
        what: `records of a topic read, stored and checked, against ${name}`,
        input: `${grouped(records)} records in ${partitions} partitions`,
        repeats: options.repeats,
        subject: subject as Side,
        peer: peers[index]!,
        figure: {
          value: timesAsFast(subject as Side, peers[index]!),
          unit: "times as fast",
          wanted: { atLeast: 1 },
        },
      }),
    );
  },
};

async function startKafka(folder: string, port: number) {
  const settings = {
    KAFKA_HEAP_OPTS: "-Xms256m -Xmx512m",
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@127.0.0.1:9093",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
    CLUSTER_ID: "4L6g3nShT-eMCtK--X86sw",
  };
  const environment = Object.entries(settings).map(([name, value]) => `--env ${name}='${value}'`);
  return startContainer(folder, {
    image,
    options: `--publish 127.0.0.1:${port}:${port} ${environment.join(" ")}`,
    probe: (name) =>
      `docker exec ${name} /opt/kafka/bin/kafka-topics.sh --bootstrap-server 127.0.0.1:${port} --list`,
  });
}

async function fill(records: number, port: number, { folder, tell }: BenchmarkOptions): Promise<void> {
  tell(`sending ${grouped(records)} records to ${image}`);
  await measured(
    `everyline generate --lines ${records} --sources ${partitions} --seed bench --out lines`,
    folder,
  );
  await measured(`with-node node programs/fill-kafka.ts ${port} ${topic} lines && rm lines/*.log`, folder);
}

function auditing(port: number, records: number): Contender {
  return {
    command: `with-node node programs/audit-kafka.ts ${port} ${topic} lines/ledger.json`,
    prove: readEachOnce(records),
  };
}

/** A command that prints how many records it has read. */
function counting(command: string, records: number, program: string): Contender {
  return { command, needs: [program], prove: countedLines(records, command) };
}
