/** A batch that Kafka acknowledged, as the gateway logs it (`LOG_ACKNOWLEDGEMENTS`). */
interface Acknowledgement {
  msg: "acknowledged";
  partition: number;
  baseOffset: string;
  records: number;
}

/**
 * For each partition, the offset after the last acknowledged record.
 *
 * @param log the gateway's log, with a JSON object on each line; other lines are skipped
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

/** The last line of a killed process may be truncated. */
function parseAcknowledgement(line: string): Acknowledgement | undefined {
  try {
    const parsed = JSON.parse(line) as Acknowledgement;
    return parsed.msg === "acknowledged" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
