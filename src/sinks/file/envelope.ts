import type { LineCodec } from "../../load/line.ts";

/** Where exporters put the raw line: logcli; Docker; OpenTelemetry; Datadog; Splunk; many. */
const payloadFields = ["line", "log", "body", "content", "_raw", "message"] as const;

type Envelope = Partial<Record<(typeof payloadFields)[number], unknown>>;

/**
 * The raw line in one line of an export, whichever of two forms that has: the raw line itself, or a JSON object that carries it
 * in a string field. Decided line by line.
 *
 * The lines of a run are JSON objects with a `message` too, and a damaged one must not lose its identity by being unwrapped. The seed
 * distinguishes them: an envelope has it inside the field, a line of the run outside of it.
 */
export function rawLineOf(text: string, codec: LineCodec): string {
  // A text that begins like a line of the run needs no parsing; in a plain export nearly every text does.
  // A template of the user's may be an object with such a field itself.
  if (!text.startsWith("{") || codec.written !== undefined || codec.isBegunBy(text)) return text;
  const envelope = parsed(text);
  if (envelope === undefined) return text;
  const fields = payloadFields.filter((field) => typeof envelope[field] === "string");
  const field = fields.find((name) => codec.isBorneBy(payloadOf(envelope, name))) ?? fields[0];
  if (field === undefined) return text;
  const payload = payloadOf(envelope, field);
  const isOwnLine = field === "message" && !codec.isBorneBy(payload) && codec.isBorneBy(text);
  return isOwnLine ? text : payload;
}

function parsed(text: string): Envelope | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function payloadOf(envelope: Envelope, field: (typeof payloadFields)[number]): string {
  const payload = String(envelope[field]);
  // Docker's json-file keeps the newline that ended the line; in any other field it would be part of the line.
  return field === "log" && payload.endsWith("\n") ? payload.slice(0, -1) : payload;
}
