/** From which offset on a partition is read. */
export interface FetchPosition {
  partition: number;
  offset: number;
}

/** What a broker returned of a partition. */
export interface FetchedPartition {
  partition: number;
  /** 0 if there was no error. */
  error: number;
  batches: Buffer;
}

/** Fetch of Kafka 2.3 and later, which Kafka 4 still knows. */
export const fetchKey = 1;
export const fetchVersion = 11;

/** Records were deleted before they could be read. */
export const offsetOutOfRange = 1;

const none = -1;
const anyReplica = -1n;
const fewestBytes = 1;
const mostBytes = 8_388_608;
const mostBytesOfPartition = 2_097_152;
/** Records of transactions that were not committed are not returned. */
const readCommitted = 1;

/**
 * The body of a request for records of partitions of a topic.
 *
 * @param maxWaitMs how long the broker waits if there is none
 */
export function fetchRequest(topic: string, positions: readonly FetchPosition[], maxWaitMs: number): Buffer {
  const head = numbers("iiiibii", none, maxWaitMs, fewestBytes, mostBytes, readCommitted, 0, none);
  const partitions = positions.map(({ partition, offset }) =>
    numbers("iiqqi", partition, none, offset, anyReplica, mostBytesOfPartition),
  );
  const topics = [numbers("i", 1), text(topic), numbers("i", partitions.length), ...partitions];
  return Buffer.concat([head, ...topics, numbers("i", 0), text("")]);
}

/**
 * What a broker returned, partition by partition.
 *
 * @throws RangeError if the answer is cut off; FetchError if it is an error
 */
export function fetchAnswer(body: Buffer): FetchedPartition[] {
  const errorAt = 4;
  const error = body.readInt16BE(errorAt);
  if (error !== 0) throw new FetchError(error);
  let at = errorAt + 6;
  const integer = () => {
    at += 4;
    return body.readInt32BE(at - 4);
  };
  const fetched: FetchedPartition[] = [];
  for (let topics = integer(); topics > 0; topics--) {
    at += 2 + body.readInt16BE(at);
    for (let partitions = integer(); partitions > 0; partitions--) {
      const partition = integer();
      const error = body.readInt16BE(at);
      // Behind the error there are the high watermark, the end of committed transactions and the first offset.
      at += 2 + 3 * 8;
      // Of each aborted transaction its producer and its first offset.
      const aborted = integer();
      at += Math.max(0, aborted) * 16;
      at += 4; // the replica to read from
      const length = Math.max(0, integer());
      fetched.push({ partition, error, batches: body.subarray(at, at + length) });
      at += length;
    }
  }
  if (at > body.length) throw new RangeError("an answer is cut off");
  return fetched;
}

/** A broker's error, by the number of Kafka's protocol. */
export class FetchError extends Error {
  override readonly name = "FetchError";

  readonly error: number;

  constructor(error: number) {
    super(`the broker answers with error ${error} of Kafka's protocol`);
    this.error = error;
  }
}

/** Numbers in the order of the network: `b`, `h`, `i` and `q` for 8, 16, 32 and 64 bits. */
export function numbers(form: string, ...values: (number | bigint)[]): Buffer {
  const sizes: Record<string, number> = { b: 1, h: 2, i: 4, q: 8 };
  const bytes = Buffer.alloc([...form].reduce((sum, kind) => sum + sizes[kind]!, 0));
  let at = 0;
  for (const [index, kind] of [...form].entries()) {
    const value = values[index]!;
    if (kind === "q") bytes.writeBigInt64BE(BigInt(value), at);
    else bytes.writeIntBE(Number(value), at, sizes[kind]!);
    at += sizes[kind]!;
  }
  return bytes;
}

/** A text behind its length. */
export function text(value: string): Buffer {
  const utf8 = Buffer.from(value);
  return Buffer.concat([numbers("h", utf8.length), utf8]);
}
