import { UsageError } from "../../../base/errors.ts";
import { byBearing } from "./bearing.ts";
import type { DocumentForm } from "./document-form.ts";
import type { LineForm } from "./form.ts";
import { parsedJson } from "./json-field.ts";

type Fields = Record<string, unknown>;

const name = "OTLP JSON (the OpenTelemetry Collector's file exporter)";

/** OTLP JSON as one or several documents with many records each, on one line or indented. */
export const otlpDocument: DocumentForm = {
  name,
  begins: /^\{\s*"resourceLogs"\s*:/,
  // Inside of a string its quotes would be escaped.
  opening: '{"resourceLogs":',
  entriesOf: bodiesOf,
};

/** OTLP JSON inside another format, for example if a container writes it to its output. */
export const otlpJson: LineForm = {
  readers: (_, codec) => [
    () => ({
      name,
      unwrap: (text) => (text.includes("resourceLogs") ? bodiesOf(parsedJson(text), codec) : undefined),
    }),
  ],
};

/**
 * The bodies of all records in their order.
 *
 * @throws UsageError if a line of the run was parsed before it was exported, so that its original text is gone
 */
function bodiesOf(value: unknown, codec: Parameters<DocumentForm["entriesOf"]>[1]): string[] | undefined {
  if (!Array.isArray((value as Fields | undefined)?.resourceLogs)) return undefined;
  const bears = byBearing(codec);
  return listIn(value, "resourceLogs")
    .flatMap((resource) => listIn(resource, "scopeLogs"))
    .flatMap((scope) => listIn(scope, "logRecords"))
    .map((record) => {
      const body = (record as Fields).body as Fields | undefined;
      if (typeof body?.stringValue === "string") return body.stringValue;
      if (typeof body?.bytesValue === "string")
        return Buffer.from(body.bytesValue, "base64").toString("utf8");
      const text = JSON.stringify(body ?? "");
      if (bears(text) || codec.isBorneBy(text)) throw new UsageError(parsedHint);
      return text;
    });
}

function listIn(value: unknown, field: string): unknown[] {
  const list = (value as Fields | null)?.[field];
  return Array.isArray(list) ? list.filter((inner) => typeof inner === "object" && inner !== null) : [];
}

const parsedHint =
  "expected OTLP JSON with the lines in body.stringValue, found bodies that were parsed (body.kvlistValue): such an export does not hold the lines as they " +
  "were written. Leave the operator that parses them out, or have it parse to attributes, and export again.";
