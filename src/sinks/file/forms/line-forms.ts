import { knownExports } from "../../known-exports.ts";
import { composeLogs } from "./compose-logs.ts";
import { cri } from "./cri.ts";
import { exploreText } from "./explore-text.ts";
import { fluentBit } from "./fluent-bit.ts";
import { fluentd } from "./fluentd.ts";
import type { LineForm } from "./form.ts";
import { journalShort } from "./journal-short.ts";
import { jsonField } from "./json-field.ts";
import { kafkaConsoleConsumer } from "./kafka-console-consumer.ts";
import { kubectlLogs } from "./kubectl-logs.ts";
import { otlpJson } from "./otlp-json.ts";
import { quotedStrings } from "./quoted-strings.ts";
import { stern } from "./stern.ts";
import { timestamps } from "./timestamps.ts";

/** Every format that puts something around each line; if two explain an export equally well, the earlier is used. */
export const lineForms: readonly LineForm[] = [
  otlpJson,
  jsonField,
  quotedStrings,
  cri,
  composeLogs,
  kubectlLogs,
  ...knownExports.flatMap(({ lines }) => lines),
  exploreText,
  fluentd,
  fluentBit,
  kafkaConsoleConsumer,
  journalShort,
  timestamps,
  stern,
];
