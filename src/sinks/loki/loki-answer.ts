import { UsageError } from "../../base/errors.ts";
import type { DocumentForm } from "../file/forms/document-form.ts";

type Fields = Record<string, unknown>;

/** Loki's answer to `query_range`, complete, or only its `data` or streams; a push request has the same streams. */
export const lokiAnswer: DocumentForm = {
  name: "Loki's query_range answer",
  begins:
    /^(?:\{\s*"status"\s*:\s*"(?:success|error)"\s*,\s*"(?:data|errorType|error|warnings)"|\{\s*"data"\s*:\s*\{\s*"(?:resultType|result|stats|encodingFlags)"|\{\s*"(?:resultType|encodingFlags)"|\{\s*"error"\s*:.*"status"\s*:\s*"error"|\{\s*"(?:streams|result)"\s*:\s*\[\s*(?:\{\s*"(?:stream|values)"|\])|\[?\s*\{\s*"(?:stream|values)"\s*:\s*[[{])/,
  entriesOf(value) {
    if (Array.isArray(value))
      return value.length > 0 && value.every(isStream) ? value.flatMap(linesOf) : undefined;
    const answer = value as Fields;
    if (answer.status === "error") throw new UsageError(refused(answer));
    const data = (answer.data ?? answer) as Fields;
    if (isStream(data)) return linesOf(data);
    const streams = data.result ?? data.streams;
    if (!Array.isArray(streams)) return undefined;
    const type = data.resultType ?? "streams";
    if (type !== "streams") throw new UsageError(noLines(String(type)));
    return streams.flatMap(linesOf);
  },
};

function isStream(value: unknown): boolean {
  const { values, stream } = (value ?? {}) as Fields;
  return Array.isArray(values) && typeof stream === "object";
}

function linesOf(stream: unknown): string[] {
  const values = (stream as Fields | null)?.values;
  if (!Array.isArray(values)) throw new UsageError(noEntry);
  return values.map((entry) => {
    const line: unknown = Array.isArray(entry) ? entry[1] : undefined;
    if (typeof line !== "string") throw new UsageError(noEntry);
    return line;
  });
}

const noEntry =
  "expected Loki's query_range answer, found an entry without a time and a line in it; ask Loki again, and pass the answer unchanged.";

const noLines = (type: string) =>
  `expected lines, found Loki's answer of numbers (a ${type}); ask for the lines themselves, with a query like {job="app"}.`;

function refused({ errorType, error }: Fields): string {
  const reason = [errorType, error].filter((part) => typeof part === "string").join(": ");
  return `expected an export, found an error message of Loki (${reason}), which says nothing about the lines. Correct the query and export again.`;
}
