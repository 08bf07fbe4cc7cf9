import { once } from "node:events";
import { connect, Socket } from "node:net";
// A CommonJS package, whose named exports Node does not detect.
import kafkajs, { type Admin, type ISocketFactory, type Kafka } from "kafkajs";
import { compress } from "snappy";
import { uncompressSnappy } from "./compression.ts";

const connectTimeoutMs = 3_000;
const requestTimeoutMs = 15_000;
/** Enough to find the brokers that are up, and over after 10 s if none is, so that a run does not end later than that. */
const retry = { retries: 6, initialRetryTime: 200, maxRetryTime: 2_000 };

/** Finds the port of 127.0.0.1 that is published for a broker now. */
type PublishedPort = (broker: string) => Promise<number | undefined>;

/**
 * A client of some brokers. The brokers advertise the names that are valid between containers (`kafka-1:9092`); this client connects
 * to the port of this machine that is currently published for each name.
 *
 * @param cluster the names of the brokers, and the port of each in its container
 */
export function connectKafka(
  { services, port }: { services: Record<string, unknown>; port?: number | undefined },
  publishedPort: PublishedPort,
): Kafka {
  const kafka = new kafkajs.Kafka({
    clientId: "everyline",
    brokers: Object.keys(services).map((service) => `${service}:${port}`),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    socketFactory: publishedPorts(publishedPort),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  portsOf.set(kafka, publishedPort);
  return kafka;
}

/** How the brokers of each client are reached. */
const portsOf = new WeakMap<Kafka, PublishedPort>();

/**
 * A connection of its own to a broker of a client's.
 *
 * @param broker the name that the broker advertises
 * @throws Error if it is not reachable
 */
export async function connectTo(kafka: Kafka, broker: string): Promise<Socket> {
  const port = await portsOf.get(kafka)!(broker);
  if (port === undefined) throw unpublished(broker);
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(connectTimeoutMs) });
    return socket;
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  }
}

function unpublished(broker: string): Error {
  return new Error(`${broker} is not reachable: its port is not published`);
}

/** Calls a function with a connected admin client, and always ends the connection. */
export async function withAdmin<Result>(
  kafka: Kafka,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

function publishedPorts(publishedPort: PublishedPort): ISocketFactory {
  return ({ host, onConnect }) => {
    const socket = new Socket();
    socket.once("connect", onConnect);
    publishedPort(host).then(
      (port) => {
        if (port === undefined) socket.destroy(unpublished(host));
        else socket.connect(port, "127.0.0.1");
      },
      (thrown) => socket.destroy(thrown),
    );
    return socket;
  };
}

/**
 * kafkajs 2.2.4 sets a timer to -1 minus the time of day for each connection (`network/requestQueue`). Node 24 treats that as 1 ms and
 * logs a warning once in each process, which means nothing to a reader of a run's progress.
 */
const { emitWarning } = process;
process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
  if (rest[0] !== "TimeoutNegativeWarning") Reflect.apply(emitWarning, process, [warning, ...rest]);
}) as typeof emitWarning;

/** kafkajs leaves the codec to its users. */
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
  decompress: async (data: Buffer) => uncompressSnappy(data),
});
