import type { ComposeModel } from "../places/compose/compose-model.ts";
import { readingOf, type ShipperSettings } from "../products/shipper-settings.ts";
import { frontOf } from "./guess-loki.ts";
import type { ShipperCandidate } from "./guess-parts.ts";
import { pathIn, type SourceCandidate } from "./guess-source.ts";

/** What was found in a stack. */
interface Found {
  model: ComposeModel;
  shipper: ShipperCandidate | undefined;
  settings: ShipperSettings | undefined;
  /** The one that was chosen, and then the others. */
  sources: SourceCandidate[];
  lokis: readonly string[];
  brokers: readonly string[];
  /** Whether the shipper pushes to Loki, or to a proxy in front of it. */
  isDirect: boolean;
  /** Another shipper that takes the lines. */
  next: string | undefined;
  /** The service that takes them out of a Kafka between shipper and Loki. */
  consumer: string | undefined;
}

/** What somebody should know before a run: what will not work, and what was not chosen. Each is a sentence without its full stop. */
export function notesOn(found: Found): string[] {
  const { model, shipper, settings } = found;
  return [
    ...(shipper === undefined ? driverNotes(model) : []),
    ...(settings === undefined || shipper === undefined
      ? []
      : shipperNotes(found, shipper.service, settings)),
    ...(found.consumer === undefined || shipper === undefined
      ? []
      : [`${found.consumer} takes lines out of Kafka and may change their labels: check the selector`]),
    ...(found.brokers.length > 0 && found.isDirect
      ? [`${found.brokers.join(", ")} (Kafka) is left out: ${shipper?.service} pushes straight to Loki`]
      : []),
  ];
}

/** Containers whose engine sends their output itself. */
function driverNotes({ services }: ComposeModel): string[] {
  const sent = Object.entries(services).filter(([, { logging }]) =>
    /^(loki|grafana\/loki|fluentd|gelf|syslog)/.test(logging?.driver ?? ""),
  );
  if (sent.length === 0) return [];
  const drivers = new Set(sent.map(([, { logging }]) => logging!.driver!));
  const names = sent.map(([name]) => name).join(", ");
  return [
    `the output of ${names} is sent by Docker's logging driver ${[...drivers].join(", ")}: that is a part of the engine, which Everyline does ` +
      "not break; a shipper that is a service can be tested",
  ];
}

function shipperNotes(
  { model, sources, lokis, next }: Found,
  shipper: string,
  settings: ShipperSettings,
): string[] {
  const [chosen, ...rest] = sources;
  const notes: string[] = [];
  const start = chosen?.files?.startsAtEnd;
  if (start !== undefined)
    notes.push(
      `${shipper} reads new files from their end (${start}): it skips what a run writes before the file is found, so no run can be proven; ` +
        "let it read files from the beginning",
    );
  for (const note of chosen?.lines?.notes ?? []) notes.push(`${note} (${shipper})`);
  const path = chosen && pathIn(chosen.source);
  if (path !== undefined && readingOf(settings, path).length > 1)
    notes.push(`${shipper} reads these files by several of its jobs, so each line is stored several times`);
  if (chosen !== undefined && "stdout" in chosen.source && chosen.files && !chosen.lines?.unwraps)
    notes.push(
      `${shipper} stores what Docker keeps around each line as well, since no stage takes the line out of it`,
    );
  if (
    chosen?.containers &&
    Object.keys(chosen.containers.labels).length + chosen.containers.varyingLabels.length === 0
  )
    notes.push(`${shipper} gives the output of containers no label, and Loki refuses lines without one`);
  const others = [...new Set(rest.map(({ name }) => name))].filter((name) => !isRotated(name, chosen!));
  if (others.length > 0) notes.push(`${shipper} also reads ${others.join(", ")}; a run tests one source`);
  if (chosen !== undefined && (settings.others ?? []).length > 0)
    notes.push(`${shipper} also takes lines from ${settings.others!.join(", ")}, which a run does not test`);
  if (next !== undefined)
    notes.push(
      `${shipper} pushes to ${next}, which ships lines as well and may change their labels: check the selector`,
    );
  return [...notes, ...pushNotes(model, shipper, settings, lokis)];
}

/** Whether files are those that were chosen, or these after they were rotated. */
function isRotated(name: string, chosen: SourceCandidate): boolean {
  if (name === chosen.name) return true;
  return chosen.pattern !== undefined && name.startsWith(`${chosen.pattern}.`);
}

function pushNotes(
  model: ComposeModel,
  shipper: string,
  { pushUrls }: ShipperSettings,
  lokis: readonly string[],
): string[] {
  const [url, ...others] = pushUrls;
  if (url === undefined) return [];
  const host = URL.parse(url)?.hostname ?? url;
  const isItself =
    /^(localhost|127\.|\[::1\])/.test(host) && model.services[shipper]!.network_mode === undefined;
  const notes =
    others.length === 0 ? [] : [`${shipper} also pushes to ${others.map(withoutPassword).join(", ")}`];
  if (frontOf(model.services, url) !== undefined) return notes;
  const found = lokis.length === 0 ? "" : ` (Loki is ${lokis.join(", ")})`;
  const what = isItself ? "which is its own container" : "which is no service of this stack";
  return [`${shipper} pushes to ${withoutPassword(url)}, ${what}${found}: no line would arrive`, ...notes];
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
