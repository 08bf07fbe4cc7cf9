import type { LogStage } from "./log-stages.ts";
import { recordOf } from "./log-stages.ts";

export type IsChanged = (label: string) => boolean;

/** What stages do to the labels of a stream. */
export interface StageLabels {
  /** Whether a label may be changed or removed. */
  isChanged: IsChanged;
  /** Labels that they add, with values that are known. */
  added: Record<string, string>;
}

/** The labels that stages change, remove and add. */
export function labelsOfStages(stages: readonly LogStage[]): StageLabels {
  const changes = stages.flatMap(changeOf);
  const isDropped = (label: string) => stages.flatMap(dropOf).some((drops) => drops(label));
  const added = stages
    .filter(({ kind }) => kind === "static_labels")
    .flatMap(({ settings }) => Object.entries(settings))
    .filter(([label, value]) => value !== null && value !== "" && !isDropped(label));
  return {
    isChanged: (label) => changes.some((isChanged) => isChanged(label)),
    added: Object.fromEntries(added.map(([label, value]) => [label, `${value}`])),
  };
}

function changeOf(stage: LogStage): IsChanged[] {
  const { kind, settings } = stage;
  const names = namesIn(settings);
  const changes = ["labels", "static_labels", "structured_metadata"];
  if (changes.includes(kind)) return [(label) => names.includes(label)];
  return dropOf(stage);
}

function dropOf({ kind, settings }: LogStage): IsChanged[] {
  const names = namesIn(settings);
  if (kind === "labelallow") return [(label) => !names.includes(label)];
  if (kind === "labeldrop") return [(label) => names.includes(label)];
  return kind === "pack" ? [(label) => namesIn(recordOf({ names: settings.labels })).includes(label)] : [];
}

function namesIn(settings: Record<string, unknown>): string[] {
  const { names } = settings;
  return Array.isArray(names) ? names.map(String) : Object.keys(settings);
}
