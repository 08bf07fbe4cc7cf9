import { prefixForm } from "./form.ts";

const property = String.raw`(?:(?:CreateTime|LogAppendTime|NoTimestampType):-?\d+|NO_TIMESTAMP|Partition:\d+|Offset:\d+|NO_HEADERS|[^\t{:]+:[^\t{]*)\t`;
const key = String.raw`[^\t{]*\t`;

/** kafka-console-consumer with `print.timestamp`, `print.partition`, `print.offset`, `print.headers`, `print.key`: tabs between them. */
export const kafkaConsoleConsumer = prefixForm("kafka-console-consumer with properties", [
  new RegExp(`^(?:${property})+`),
  new RegExp(`^(?:${property})*${key}`),
]);
