import type { VNode } from "preact";
import { describeDuration } from "../../base/duration.ts";
import { isLossCertain } from "../../judge/loss-certainty.ts";
import type { Breach, Reason } from "../../judge/reasons.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { describeMs, describeRecovery, describeRecoveryPoint, grouped } from "../describe.ts";
import { noticedWords } from "../words/alert-words.ts";
import { describeReason } from "../words/reason-words.ts";
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
/** What was claimed beside what was measured, one thing a row. */
export function claimedTable(run: RunDocument): VNode {
  const rows = rowsOf(run).map(({ subject, promised, measured, outcome }) => [
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

function rowsOf(run: RunDocument): Row[] {
  const { counts, latencyMs } = run;
  const { bounds } = run.plan.claim;
  const plain = (subject: string, measured: string): Row => ({
    subject,
    promised: "–",
    measured,
    outcome: "not promised",
  });
  const late = bounds.lateAfterSeconds;
  return [
    lostRow(run),
    ...boundRows(run),
    duplicatedRow(run),
    damagedRow(run),
    ...noticedRows(run),
    plain("lines out of order", grouped(counts.reordered)),
    ...(late === undefined
      ? []
      : [plain(`lines later than ${describeDuration(late)}`, grouped(counts.late))]),
    ...(run.plan.claim.bounds.recoverySeconds === undefined
      ? [plain("recovery after the last fault", recoveryIn(run))]
      : []),
    plain(
      "time until readable",
      latencyMs === null
        ? "not seen"
        : `median ${describeMs(latencyMs.p50)}, 99% within ${describeMs(latencyMs.p99)}, slowest ${describeMs(latencyMs.max)}`,
    ),
  ];
}

function lostRow(run: RunDocument): Row {
  const { counts } = run;
  const { lost: most, lostWindowSeconds, lostOlderThanSeconds } = run.plan.claim.bounds;
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
    outcome: most === undefined ? "not promised" : outcomeOf(run, "lost", counts.lost <= most),
  };
}

function boundRows(run: RunDocument): Row[] {
  const { lostWindowSeconds, lostOlderThanSeconds, rpoSeconds, recoverySeconds } = run.plan.claim.bounds;
  const { sites, counts } = run;
  const rows: Row[] = [];
  if (lostWindowSeconds !== undefined)
    rows.push({
      subject: "time over which lost lines were written",
      promised: `less than ${lostWindowSeconds} s`,
      measured: counts.lost === 0 ? "none lost" : windowOf(run),
      outcome: outcomeOf(run, "lost-window", counts.lost === 0),
    });
  if (lostOlderThanSeconds !== undefined)
    rows.push({
      subject: "age of lost lines when the outage ended",
      promised: `at least ${describeDuration(lostOlderThanSeconds)}`,
      measured:
        counts.lost === 0 ? "none lost" : (breachText(run, "lost-young") ?? "within the bound, where known"),
      outcome: outcomeOf(run, "lost-young", counts.lost === 0),
    });
  if (rpoSeconds !== undefined)
    rows.push({
      subject: "recovery point",
      promised: `less than ${rpoSeconds} s`,
      measured: sites === null ? "not measured" : describeRecoveryPoint(sites.rpoSeconds, sites.isUpperBound),
      outcome: outcomeOf(run, "recovery-point", false),
    });
  if (recoverySeconds !== undefined)
    rows.push({
      subject: "recovery after the last fault",
      promised: `within ${describeDuration(recoverySeconds)}`,
      measured: recoveryIn(run),
      outcome: outcomeOf(run, "recovery-time", false),
    });
  return rows;
}

function recoveryIn(run: RunDocument): string {
  return run.timings.recoverySeconds === null ? "not seen" : describeRecovery(run);
}

function duplicatedRow(run: RunDocument): Row {
  const { duplicated: most } = run.plan.claim.bounds;
  const { duplicated } = run.counts;
  return {
    subject: "surplus copies",
    promised: most === undefined ? "–" : most === 0 ? "none" : `at most ${grouped(most)}`,
    measured: grouped(duplicated),
    outcome: most === undefined ? "not promised" : outcomeOf(run, "duplicated", duplicated <= most),
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
    outcome: damaged.length > 0 ? "broken" : outcomeOf(run, "damaged", true),
  };
}

/** Whether an alert noticed a loss, if alerts were observed. */
function noticedRows(run: RunDocument): Row[] {
  const { alerts, plan } = run;
  if (alerts === undefined) return [];
  const isExpected = plan.alerts?.expected === true;
  const isNoticed = alerts.noticed === "in-time" || alerts.noticed === "late";
  return [
    {
      subject: "loss noticed by an alert",
      promised: isExpected ? "any loss" : "–",
      measured: noticedWords[alerts.noticed],
      outcome: isExpected
        ? outcomeOf(run, "silent-loss", isNoticed || alerts.noticed === "nothing-lost")
        : "not promised",
    },
  ];
}

/**
 * By the verdict and its reasons, which rest on more than the counts: a broken bound is among the reasons, and beside another that is broken
 * or in a run that could not be judged, a bound that seems to be kept may only not have been seen to be broken.
 */
function outcomeOf(run: RunDocument, code: Breach["code"], isCertain: boolean): Outcome {
  if (run.verdict === "holds") return "kept";
  if (breachOf(run, code) !== undefined) return "broken";
  return run.verdict === "broken" && isCertain ? "kept" : "not known";
}

function breachOf({ verdict, reasons }: RunDocument, code: Breach["code"]): Reason | undefined {
  return verdict === "broken" ? reasons.find((reason) => reason.code === code) : undefined;
}

function breachText(run: RunDocument, code: Breach["code"]): string | undefined {
  const breach = breachOf(run, code);
  return breach && describeReason(breach, run);
}

/** As the judge has it; of a run of an earlier version only what was told of it. */
function windowOf(run: RunDocument): string {
  const { lostWindowSeconds } = run;
  if (lostWindowSeconds !== null) return `${lostWindowSeconds.toFixed(2)} s`;
  return breachText(run, "lost-window") ?? "within the bound, where known";
}
