import type { LokiSettings } from "../products/loki-settings.ts";
import { readingOf, type ShippedFiles, type ShipperSettings } from "../products/shipper-settings.ts";
import { pathIn, type SourceCandidate } from "./guess-source.ts";

/** A LogQL selector; the reason if none, or no narrow one, could be derived, as part of a sentence. */
export interface GuessedSelector {
  selector?: string | undefined;
  why?: string | undefined;
}

/** Every stream of a Loki that names services. */
const everything = '{service_name=~".+"}';

/**
 * The narrowest LogQL selector that a shipper's own configuration allows for a source: the labels that all of its streams have, and the path
 * if other files have the same labels.
 */
export function guessSelector(
  settings: ShipperSettings,
  candidate: SourceCandidate,
  loki: Pick<LokiSettings, "namesServices"> | undefined,
): GuessedSelector {
  const matchers = candidate.containers ? ofContainers(candidate) : ofFiles(settings, candidate);
  if (matchers.length > 0) return { selector: `{${matchers.join(", ")}}` };
  return broadSelector("the shipper's configuration sets no label that all of these lines have", loki);
}

/** A selector of every stream, if there is one that is certain to select them. */
export function broadSelector(
  why: string,
  loki: Pick<LokiSettings, "namesServices"> | undefined,
): GuessedSelector {
  return loki?.namesServices === false ? { why } : { selector: everything, why };
}

function ofContainers({ source, containers }: SourceCandidate): string[] {
  const { labels, varyingLabels, serviceLabel } = containers!;
  const service = "stdout" in source ? source.stdout.service : undefined;
  const ofService =
    service !== undefined && serviceLabel !== undefined ? [equals(serviceLabel, service)] : [];
  const constant = Object.entries(labels).map(([label, value]) => equals(label, value));
  const all = [...constant, ...ofService];
  const [varying] = varyingLabels;
  // The shipper of a run sees the containers of its load alone, so any of their labels will do.
  return all.length > 0 || varying === undefined ? all : [`${varying}=~".+"`];
}

function ofFiles(settings: ShipperSettings, { source, files }: SourceCandidate): string[] {
  const path = pathIn(source);
  const matching = path === undefined ? [files!] : readingOf(settings, path);
  const [first, ...others] = matching as [ShippedFiles, ...ShippedFiles[]];
  const common = Object.entries(first.labels).filter(([label, value]) =>
    others.every(({ labels }) => labels[label] === value),
  );
  const isShared = settings.reads.some(
    (one) => !matching.includes(one) && common.every(([label, value]) => one.labels[label] === value),
  );
  const matchers = common.map(([label, value]) => equals(label, value));
  const hasFilename = matching.every((one) => one.hasFilename);
  if ((isShared || common.length === 0) && hasFilename && path !== undefined) matchers.push(filename(source));
  const varying = (first.varyingLabels ?? []).find((label) =>
    others.every(({ varyingLabels }) => varyingLabels?.includes(label) ?? false),
  );
  return matchers.length > 0 || varying === undefined ? matchers : [`${varying}=~".+"`];
}

function filename(source: SourceCandidate["source"]): string {
  if ("path" in source) return equals("filename", source.path);
  const { folder, file } = source as { folder: string; file?: string };
  if (file !== undefined && !file.includes("*")) return equals("filename", `${folder}/${file}`);
  return `filename=~${JSON.stringify(`${folder.replace(/[^\w/-]/g, "\\$&")}/.+`)}`;
}

function equals(label: string, value: string): string {
  return `${label}=${JSON.stringify(value)}`;
}
