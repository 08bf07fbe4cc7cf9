/** A batch that Kafka acknowledged, as the gateway logs it (`LOG_ACKNOWLEDGEMENTS`). */
interface Acknowledgement {
  msg: "acknowledged";
  partition: number;
  baseOffset: string;
  records: number;
}

/**
 * Behind the last acknowledged record of each partition.
 *
 * @param log what the gateway wrote, a JSON object a line; other lines are passed over
 */
export function acknowledgedEnds(log: string): Map<number, bigint> {
  const ends = new Map<number, bigint>();
  for (const line of log.split("\n")) {
    const acknowledgement = parseAcknowledgement(line);
    if (acknowledgement === undefined) continue;
    const { partition, baseOffset, records } = acknowledgement;
    const end = BigInt(baseOffset) + BigInt(records);
    if (end > (ends.get(partition) ?? 0n)) ends.set(partition, end);
  }
  return ends;
}

/** The last line of a process that was killed may be cut. */
function parseAcknowledgement(line: string): Acknowledgement | undefined {
  try {
    const parsed = JSON.parse(line) as Acknowledgement;
    return parsed.msg === "acknowledged" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
