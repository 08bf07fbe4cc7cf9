import { type Findings, maxDuplicatedRanges } from "./check.ts";
import type { Counts } from "./counts.ts";

/** What was found of one of several runs. */
interface FindingsOfRun {
  seed: string;
  findings: Findings;
}

/** What was found of several runs with different seeds, as one: counts are added up, and a source is named `SEED/SOURCE`. */
export function findingsTogether(runs: readonly FindingsOfRun[]): Findings {
  const named = runs.map(({ seed, findings }) => {
    const name = <Each extends { source?: string }>(each: Each): Each =>
      each.source === undefined ? each : { ...each, source: `${seed}/${each.source}` };
    return {
      ...findings,
      lost: findings.lost.map(name),
      duplicated: findings.duplicated.map(name),
      torn: findings.torn.map(name),
      samples: findings.samples.map(name),
    };
  });
  const duplicated = named.flatMap((findings) => findings.duplicated);
  const omitted = named.reduce((sum, { duplicatedRangesOmitted }) => sum + duplicatedRangesOmitted, 0);
  return {
    counts: named.map(({ counts }) => counts).reduce(sumOf),
    lost: named.flatMap(({ lost }) => lost),
    duplicated: duplicated.slice(0, maxDuplicatedRanges),
    duplicatedRangesOmitted: omitted + Math.max(0, duplicated.length - maxDuplicatedRanges),
    torn: named.flatMap(({ torn }) => torn),
    samples: named.flatMap(({ samples }) => samples),
  };
}

function sumOf(one: Counts, other: Counts): Counts {
  const names = Object.keys(one) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as Counts;
}
