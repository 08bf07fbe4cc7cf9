import { median } from "../base/median.ts";
import { type Verdict, worstOf } from "../plan/verdict.ts";
import { describeMeasured } from "../report/matrix.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import type { UpgradeDocument } from "./upgrade-document.ts";

/** Whether to upgrade. */
export type Decision = "go" | "no-go" | "undecided";

/** A reason against an upgrade, a reason why it is undecided, or a note. */
export interface Reason {
  weight: "against" | "open" | "note";
  text: string;
}

/** Reasons by their weight, the gravest first, with a heading for each. */
export const reasonHeadings = {
  against: "Against it",
  open: "Open",
  note: "To be known",
} satisfies Record<Reason["weight"], string>;

/** A row of the guarantees table on both versions; undefined if it was not run. */
interface RowPair {
  claim: string;
  isRace: boolean;
  from: Side | undefined;
  to: Side | undefined;
}

/** The results of the runs on one version. */
export interface Side {
  verdict: Verdict;
  runs: HistoryEntry[];
  /** The median, in seconds; undefined if no run measured one. */
  recoverySeconds: number | undefined;
}

/** An upgrade as its reports describe it. */
export interface UpgradeReport {
  document: UpgradeDocument;
  decision: Decision;
  reasons: Reason[];
  rows: RowPair[];
}

/** A recovery is called slower if its median is more than this much above the old version's, both times and in seconds. */
export const slowerTimes = 1.5;
export const slowerBySeconds = 5;

/**
 * Decides on an upgrade: `no-go` if there is a reason against it, otherwise `undecided` if anything is open, otherwise `go`. A row that is
 * broken in the same way on both versions counts neither for nor against it.
 */
export function reportUpgrade(document: UpgradeDocument): UpgradeReport {
  const rows = pairsOf(document);
  const reasons = [
    ...ofTheWhole(document),
    ...ofConfiguration(document),
    ...document.swaps.flatMap(ofSwap),
    ...rows.flatMap(ofRow),
    ...ofDeprecations(document),
  ];
  const has = (weight: Reason["weight"]) => reasons.some((reason) => reason.weight === weight);
  return { document, decision: has("against") ? "no-go" : has("open") ? "undecided" : "go", reasons, rows };
}

function pairsOf({ rows }: UpgradeDocument): RowPair[] {
  const claims = Map.groupBy(rows, ({ entry }) => entry.claim);
  return [...claims].map(([claim, ofClaim]) => ({
    claim,
    isRace: ofClaim.some(({ isRace }) => isRace),
    from: sideOf(ofClaim.filter(({ side }) => side === "from").map(({ entry }) => entry)),
    to: sideOf(ofClaim.filter(({ side }) => side === "to").map(({ entry }) => entry)),
  }));
}

function sideOf(runs: HistoryEntry[]): Side | undefined {
  if (runs.length === 0) return undefined;
  return {
    verdict: worstOf(runs.map(({ verdict }) => verdict)),
    runs,
    recoverySeconds: median(runs.flatMap(({ recoverySeconds }) => recoverySeconds ?? [])),
  };
}

/** The result of an upgrade under load in a few words. The reason for a missing verdict is given with the decision. */
export function describeSwap({ entry, refusals }: UpgradeDocument["swaps"][number]): string {
  return refusals.length > 0 ? "one version does not run on the other's data" : describeMeasured([entry]);
}

function ofTheWhole({ finishedAt, swaps, options, rows }: UpgradeDocument): Reason[] {
  if (finishedAt === null) return [{ weight: "open", text: "It was not finished." }];
  if (swaps.length === 0) return [{ weight: "open", text: "The upgrade itself was not tested." }];
  return options.swapOnly || rows.length === 0
    ? [{ weight: "note", text: "The guarantees table was not run; only the upgrade itself was tested." }]
    : [];
}

function ofConfiguration({ configChecks, to }: UpgradeDocument): Reason[] {
  return configChecks
    .filter(({ version }) => version === to)
    .flatMap((check): Reason[] => {
      const { pipeline, service, outcome, messages } = check;
      const said = messages.length === 0 ? "" : `: ${messages.join("; ")}`;
      const reason = (weight: Reason["weight"], text: string): Reason[] => [
        { weight, text: `${pipeline}, ${service}: ${text}${said}` },
      ];
      if (outcome === "unchecked")
        return messages.length === 0
          ? []
          : reason("open", `${to} could not be asked about the configuration`);
      if (outcome === "accepted") return [];
      const before = configChecks.find(
        (other) => other.version !== to && other.pipeline === pipeline && other.service === service,
      );
      return before?.outcome === "refused"
        ? reason("note", "both versions refuse the configuration")
        : reason("against", `${to} refuses the configuration`);
    });
}

/** A statement about several parts of a pipeline is made once. */
function ofDeprecations({ deprecations }: UpgradeDocument): Reason[] {
  const alike = Map.groupBy(deprecations, ({ pipeline, what }) => `${pipeline} ${what}`);
  return [...alike.values()].map((some): Reason => {
    const { pipeline, what, source } = some[0]!;
    const services = some.map(({ service }) => service).join(", ");
    return { weight: "note", text: `${pipeline}, ${services}: ${what} (${source})` };
  });
}

/** If a version does not run on the other's data, the upgrade or the downgrade is impossible, whatever happened to the lines. */
function ofSwap({ entry, refusals }: UpgradeDocument["swaps"][number]): Reason[] {
  if (refusals.length > 0)
    return refusals.map((text) => ({ weight: "against", text: `${entry.claim}: ${text}` }));
  const measured = describeMeasured([entry]);
  if (entry.verdict === "broken")
    return [{ weight: "against", text: `${entry.claim}: ${measured || entry.reason || "broken"}` }];
  if (entry.verdict === "unknown")
    return [{ weight: "open", text: `${entry.claim}: ${entry.reason ?? "no verdict"}` }];
  return [];
}

function ofRow({ claim, isRace, from, to }: RowPair): Reason[] {
  if (from === undefined || to === undefined)
    return [{ weight: "open", text: `${claim} was run on one version only.` }];
  return [...ofVerdicts(claim, isRace, from, to), ...ofRecovery(claim, from, to)];
}

function ofVerdicts(claim: string, isRace: boolean, from: Side, to: Side): Reason[] {
  const reason = (weight: Reason["weight"], text: string): Reason[] => [
    { weight, text: `${claim}: ${text}` },
  ];
  const now = describeMeasured(to.runs);
  const came = `${from.verdict} before, ${to.verdict} after${now === "" ? "" : `: ${now}`}`;
  // If the new version gives no verdict, it may have become worse, whatever the old version gave.
  if (to.verdict === "unknown")
    return from.verdict === "unknown"
      ? reason("open", `unknown on both versions: ${to.runs[0]!.reason}`)
      : reason(
          "open",
          `${came}; ${to.runs.find((run) => run.verdict === "unknown")?.reason ?? "no verdict"}`,
        );
  if (to.verdict === from.verdict) {
    const same = sameVerdict(from, to);
    return same === undefined ? [] : reason("note", same);
  }
  const race = isRace
    ? "; it is a race, and more runs (--repeat) show whether it occurs on either version"
    : "";
  if (to.verdict === "holds") return reason("note", `${came}${race}`);
  if (from.verdict === "unknown") return reason("open", came);
  // One run cannot distinguish a race that happened to show from a loss that has become the rule.
  return reason(isRace ? "open" : "against", `${came}${race}`);
}

/** How the same verdict came about on both versions; undefined if there is nothing to say. Differences are given as figures. */
function sameVerdict(from: Side, to: Side): string | undefined {
  const [before, after] = [from, to].map(({ runs }) => describeMeasured(runs) || "nothing counted");
  if (to.verdict === "broken" && before === after) return `broken in the same way on both versions: ${after}`;
  if (to.verdict === "broken") return `broken on both versions: ${before} before, ${after} after`;
  return mostLost(from) === mostLost(to)
    ? undefined
    : `holds on both versions: ${before} before, ${after} after`;
}

function mostLost({ runs }: Side): number {
  return Math.max(...runs.map(({ counts }) => counts?.lost ?? 0));
}

function ofRecovery(
  claim: string,
  { recoverySeconds: before }: Side,
  { recoverySeconds: after }: Side,
): Reason[] {
  if (before === undefined || after === undefined) return [];
  if (after <= slowerTimes * before || after <= before + slowerBySeconds) return [];
  return [
    {
      weight: "note",
      text: `${claim}: recovery took ${after.toFixed(1)} s instead of ${before.toFixed(1)} s (medians)`,
    },
  ];
}
