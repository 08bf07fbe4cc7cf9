import type { VNode } from "preact";
import { describeDuration } from "../../base/duration.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import type { Timeline } from "../../judge/timeline-document.ts";
import { describeMs, describeSeconds, grouped } from "../describe.ts";
import { isLossCertain } from "../headline.ts";
import { table } from "./components.ts";
import { html } from "./markup.ts";

/** What became of one thing that is promised, or not. */
type Outcome = "kept" | "broken" | "not known" | "not promised";

interface Row {
  subject: string;
  promised: string;
  measured: string;
  outcome: Outcome;
}

const signs: Record<Outcome, string> = { kept: "✓", broken: "✕", "not known": "?", "not promised": "" };
const damages = ["corrupted", "truncated", "merged", "unexpected"] as const;
/** How the judge begins to say that a promise was broken. */
const brokenForms = {
  lost: /^\d+ of \d+ lines were lost;/,
  window: /^Lines written over /,
  age: /^A line that was /,
  rpo: /^Acknowledged lines written over /,
  duplicated: /^\d+ surplus copies came back;/,
};

/** What was claimed beside what was measured, one thing a row. */
export function claimedTable(run: RunDocument, timeline: Timeline | undefined): VNode {
  const rows = rowsOf(run, timeline).map(({ subject, promised, measured, outcome }) => [
    subject,
    promised,
    measured,
    html`<span class="outcome ${outcome.replace(" ", "-")}"><span aria-hidden="true">${signs[outcome]}</span> ${outcome}</span>`,
  ]);
  const titles = ["what", "promised", "measured", "outcome"];
  return table(
    "Claimed and measured",
    titles.map((title) => ({ title })),
    rows,
    { isStacked: true },
  );
}

function rowsOf(run: RunDocument, timeline: Timeline | undefined): Row[] {
  const { counts, timings, latencyMs } = run;
  const { bounds } = run.claim;
  const plain = (subject: string, measured: string): Row => ({
    subject,
    promised: "–",
    measured,
    outcome: "not promised",
  });
  const late = bounds.lateAfterSeconds;
  return [
    lostRow(run),
    ...boundRows(run, timeline),
    duplicatedRow(run),
    damagedRow(run),
    plain("lines out of order", grouped(counts.reordered)),
    ...(late === undefined
      ? []
      : [plain(`lines later than ${describeDuration(late)}`, grouped(counts.late))]),
    plain(
      "recovery after the last fault",
      timings.recoverySeconds === null ? "not seen" : describeSeconds(timings.recoverySeconds),
    ),
    plain(
      "time until readable",
      latencyMs === null
        ? "not seen"
        : `median ${describeMs(latencyMs.p50)}, 99% within ${describeMs(latencyMs.p99)}, slowest ${describeMs(latencyMs.max)}`,
    ),
  ];
}

function lostRow(run: RunDocument): Row {
  const { counts, claim } = run;
  const { lost: most, lostWindowSeconds, lostOlderThanSeconds } = claim.bounds;
  const isElsewhere = lostWindowSeconds !== undefined || lostOlderThanSeconds !== undefined;
  const word = isLossCertain(run) ? "lost" : "not seen";
  return {
    subject: "lines lost",
    promised:
      most === undefined
        ? isElsewhere
          ? "see below"
          : "–"
        : most === 0
          ? "none"
          : `at most ${grouped(most)}`,
    measured: `${grouped(counts.lost)} of ${grouped(counts.written)} ${word}`,
    outcome: most === undefined ? "not promised" : outcomeOf(run, brokenForms.lost, counts.lost <= most),
  };
}

function boundRows(run: RunDocument, timeline: Timeline | undefined): Row[] {
  const { lostWindowSeconds, lostOlderThanSeconds, rpoSeconds } = run.claim.bounds;
  const { sites, counts } = run;
  const rows: Row[] = [];
  if (lostWindowSeconds !== undefined)
    rows.push({
      subject: "time over which lost lines were written",
      promised: `less than ${lostWindowSeconds} s`,
      measured: counts.lost === 0 ? "none lost" : windowOf(timeline, run),
      outcome: outcomeOf(run, brokenForms.window, counts.lost === 0),
    });
  if (lostOlderThanSeconds !== undefined)
    rows.push({
      subject: "age of lost lines when the outage ended",
      promised: `at least ${describeDuration(lostOlderThanSeconds)}`,
      measured:
        counts.lost === 0 ? "none lost" : (reasonOf(run, brokenForms.age) ?? "within the bound, where known"),
      outcome: outcomeOf(run, brokenForms.age, counts.lost === 0),
    });
  if (rpoSeconds !== undefined)
    rows.push({
      subject: "recovery point",
      promised: `less than ${rpoSeconds} s`,
      measured:
        sites === null
          ? "not measured"
          : `${sites.isUpperBound ? "at most " : ""}${sites.rpoSeconds.toFixed(2)} s`,
      outcome: outcomeOf(run, brokenForms.rpo, false),
    });
  return rows;
}

function duplicatedRow(run: RunDocument): Row {
  const { duplicated: most } = run.claim.bounds;
  const { duplicated } = run.counts;
  return {
    subject: "surplus copies",
    promised: most === undefined ? "–" : most === 0 ? "none" : `at most ${grouped(most)}`,
    measured: grouped(duplicated),
    outcome: most === undefined ? "not promised" : outcomeOf(run, brokenForms.duplicated, duplicated <= most),
  };
}

function damagedRow(run: RunDocument): Row {
  const damaged = damages.filter((kind) => run.counts[kind] > 0);
  return {
    subject: "damaged or foreign lines",
    promised: "none",
    measured:
      damaged.length === 0
        ? "none"
        : damaged.map((kind) => `${grouped(run.counts[kind])} ${kind}`).join(", "),
    outcome: damaged.length > 0 ? "broken" : outcomeOf(run, /^\d+ lines came back /, true),
  };
}

/**
 * By the verdict and its reasons, which rest on more than the counts: a broken bound is among the reasons, and beside another that is broken
 * or in a run that could not be judged, a bound that seems to be kept may only not have been seen to be broken.
 */
function outcomeOf(run: RunDocument, brokenForm: RegExp, isCertain: boolean): Outcome {
  if (run.verdict === "holds") return "kept";
  if (reasonOf(run, brokenForm) !== undefined) return "broken";
  return run.verdict === "broken" && isCertain ? "kept" : "not known";
}

function reasonOf(run: RunDocument, form: RegExp): string | undefined {
  return run.verdict === "broken" ? run.reasons.find((reason) => form.test(reason)) : undefined;
}

/** As the judge has it: the longest of any source, from before its first lost line to after its last. */
function windowOf(timeline: Timeline | undefined, run: RunDocument): string {
  if (timeline === undefined || timeline.lost.omittedRanges > 0)
    return reasonOf(run, brokenForms.window) ?? "within the bound, where known";
  const bySource = Map.groupBy(timeline.lost.ranges, ({ source }) => source);
  const windows = [...bySource.values()].map(
    (ranges) => Math.max(...ranges.map(({ toMs }) => toMs)) - Math.min(...ranges.map(({ fromMs }) => fromMs)),
  );
  return `${(Math.max(...windows) / 1_000).toFixed(2)} s`;
}
