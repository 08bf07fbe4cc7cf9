import type { Claim } from "../plan/claim.ts";
import { type Verdict, verdicts, worstOf } from "../plan/verdict.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { grouped } from "./describe.ts";

/** The result of the runs of one row in one column. */
export interface MatrixCell {
  /** The worst. */
  verdict: Verdict;
  /** `holds`, or `broken in 2 of 3`. */
  outcome: string;
  /** Further measurements in a few words; empty if there are none. */
  note: string;
  runs: HistoryEntry[];
}

/** Runs as a table of promises (rows) on pipelines or versions (columns). */
export interface Matrix {
  columns: string[];
  rows: { name: string; cells: (MatrixCell | undefined)[] }[];
}

/** What the columns are: pipelines, for rows of scenarios; or the versions of what was run, for rows of claims. */
export const matrixAxes = ["pipeline", "version"] as const;

export type MatrixAxis = (typeof matrixAxes)[number];

/** The known result of other runs of a claim. */
type Known = { verdict: Verdict; isRace?: boolean | undefined };

/** The known results of claims, by their ids. */
export function knownOf(claims: readonly Claim[]): ReadonlyMap<string, Known> {
  return new Map(claims.map(({ id, measured }) => [id, measured]));
}

/** The options of a table. */
export interface MatrixOptions {
  axis: MatrixAxis;
  /** Which columns, in this order; all columns, in the order of the runs, if undefined. */
  columns?: string[];
  /** By a claim's id. A race that did not show in these runs is mentioned all the same, because they do not prove that it is gone. */
  known: ReadonlyMap<string, Known>;
}

/** Arranges runs in a table. */
export function matrixOf(entries: HistoryEntry[], { axis, columns, known }: MatrixOptions): Matrix {
  const columnOf = axis === "pipeline" ? ({ pipeline }: HistoryEntry) => pipeline : versionColumn(entries);
  const rowOf = ({ claim, scenario }: HistoryEntry) => (axis === "pipeline" ? scenario : claim);
  const all = columns ?? [...new Set(entries.map(columnOf))];
  const rows = Map.groupBy(
    entries.filter((entry) => all.includes(columnOf(entry))),
    rowOf,
  );
  return {
    columns: all,
    rows: [...rows].map(([name, ofRow]) => ({
      name,
      cells: all.map((column) =>
        cellOf(
          ofRow.filter((entry) => columnOf(entry) === column),
          known,
        ),
      ),
    })),
  };
}

/** Runs in the order of the claims that they test; runs without a claim come last. */
export function inOrderOf(claims: readonly { id: string }[], entries: HistoryEntry[]): HistoryEntry[] {
  const places = new Map(claims.map(({ id }, index) => [id, index]));
  const placeOf = ({ claim }: HistoryEntry) => places.get(claim) ?? claims.length;
  return entries.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The columns are named only by the versions in which the runs differ. */
function versionColumn(entries: HistoryEntry[]): (entry: HistoryEntry) => string {
  const versionsOf = Map.groupBy(
    new Set(entries.flatMap(({ images }) => images)),
    (image) => image.split(" ")[0]!,
  );
  const differs = ({ length }: string[]) => length > 1;
  const named = [...versionsOf.values()].filter(differs).flat();
  return ({ images }) => images.filter((image) => named.includes(image)).join(", ") || images.join(", ");
}

function cellOf(runs: HistoryEntry[], known: MatrixOptions["known"]): MatrixCell | undefined {
  if (runs.length === 0) return undefined;
  const verdict = worstOf(runs.map((run) => run.verdict));
  const notes = [describeMeasured(runs), raceOf(known.get(runs[0]!.claim), verdict)];
  const note = notes.filter((text) => text !== "").join("; ");
  return { verdict, outcome: describeOutcome(runs, verdict), note, runs };
}

function raceOf(known: Known | undefined, verdict: Verdict): string {
  const isHidden = known?.isRace && verdict === "holds" && known.verdict !== "holds";
  return isHidden ? `${known.verdict} in other runs` : "";
}

function describeOutcome(runs: HistoryEntry[], worst: Verdict): string {
  if (runs.length === 1) return worst;
  const counted = verdicts.toReversed().flatMap((verdict) => {
    const count = runs.filter((run) => run.verdict === verdict).length;
    return count === 0 ? [] : [`${verdict} in ${count}`];
  });
  return `${counted.join(", ")} of ${runs.length}`;
}

/** What runs of a row measured in addition to their verdict: lost, duplicated and damaged lines, and the recovery point. */
export function describeMeasured(runs: HistoryEntry[]): string {
  const counted = runs.filter(({ counts, verdict }) => counts !== null && verdict !== "unknown");
  const of = (numberIn: (run: HistoryEntry) => number) => rangeOf(counted.map(numberIn));
  const lost = of(({ counts }) => counts!.lost);
  const kinds = ["duplicated", "corrupted", "truncated", "merged", "unexpected"] as const;
  const facts = [
    lost === undefined ? [] : [`${lost} lost${placeOf(counted)}`],
    ...kinds.map((kind) => {
      const range = of(({ counts }) => counts![kind]);
      return range === undefined ? [] : [`${range} ${kind}`];
    }),
    [of((run) => run.duplicatedInKafka ?? 0)].flatMap((range) =>
      range === undefined ? [] : [`${range} twice in Kafka`],
    ),
    recoveryPointOf(runs),
  ];
  return facts.flat().join(", ");
}

/** Undefined where all are 0. */
function rangeOf(numbers: number[]): string | undefined {
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  if (numbers.length === 0 || most === 0) return undefined;
  return least === most ? grouped(most) : `${grouped(least)} to ${grouped(most)}`;
}

function placeOf(runs: HistoryEntry[]): string {
  const hops = [...new Set(runs.flatMap(({ lostAt }) => Object.keys(lostAt)))];
  const [hop] = hops;
  return hops.length !== 1 || hop === "unknown" ? "" : ` (at the ${hop})`;
}

function recoveryPointOf(runs: HistoryEntry[]): string[] {
  const points = runs.flatMap(({ recoveryPoint }) => recoveryPoint ?? []);
  if (points.length === 0) return [];
  const isUpperBound = points.some((point) => point.isUpperBound);
  const worst = Math.max(...points.map((point) => point.seconds));
  return [`RPO ${isUpperBound ? "at most " : ""}${worst === 0 ? "0" : worst.toFixed(1)} s`];
}
