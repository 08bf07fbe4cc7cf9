import type { LogStage } from "./log-stages.ts";
import {
  constantLabels,
  labelsOfContainers,
  type Relabelling,
  relabels,
  serviceLabel,
} from "./relabelling.ts";
import { labelsOfStages } from "./stage-labels.ts";

/** What becomes of the labels of lines under relabelling and stages. */
export interface LabelFate {
  /** Whether a label stays as it is. */
  survives(label: string): boolean;
  /** The labels of streams that have these ones at first. */
  labelsOf(given: Readonly<Record<string, string>>): Record<string, string>;
  /** The labels that every container's stream has, with a value of the container. */
  ofContainers: string[];
  /** The one among these with the name of the Compose service. */
  serviceLabel: string | undefined;
}

export function labelFate(rules: readonly Relabelling[], stages: readonly LogStage[]): LabelFate {
  const { isChanged, added } = labelsOfStages(stages);
  const changes = [...rules.map(relabels), isChanged];
  const survives = (label: string) => !changes.some((change) => change(label));
  const service = serviceLabel(rules);
  return {
    survives,
    labelsOf: (given) => {
      const kept = Object.entries(given).filter(([label]) => survives(label));
      const constant = Object.entries(constantLabels(rules)).filter(
        ([label]) => !(label in given) && !isChanged(label),
      );
      return { ...Object.fromEntries([...kept, ...constant]), ...added };
    },
    ofContainers: labelsOfContainers(rules).filter((label) => !isChanged(label)),
    serviceLabel: service !== undefined && !isChanged(service) ? service : undefined,
  };
}
