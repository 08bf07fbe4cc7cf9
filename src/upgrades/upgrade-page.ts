import type { VNode } from "preact";
import type { Verdict } from "../plan/verdict.ts";
import { describeSeconds } from "../report/describe.ts";
import { section, table, verdictBadge } from "../report/html/components.ts";
import { html, type Markup } from "../report/html/markup.ts";
import { linksTo } from "../report/html/matrix-table.ts";
import { renderPage } from "../report/html/page.ts";
import { describeMeasured } from "../report/matrix.ts";
import { describeOrigin } from "../report/matrix-markdown.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { type Decision, describeSwap, reasonHeadings, type Side, type UpgradeReport } from "./upgrade.ts";
import { upgradeCommand } from "./upgrade-markdown.ts";

/** The folder of an upgrade's page is next to the folders of its runs. */
const runsFolder = "..";

const verdictOf: Record<Decision, Verdict> = { go: "holds", "no-go": "broken", undecided: "unknown" };
const sentenceOf: Record<Decision, string> = {
  go: "Nothing that was tried speaks against it",
  "no-go": "Do not upgrade yet",
  undecided: "The results are not sufficient for a decision",
};
/** An upgrade as an HTML page, which links to the reports of its runs in the neighbouring folders. */
export function renderUpgradePage(report: UpgradeReport): string {
  const { document, decision } = report;
  const { name, from, to, upgradeId } = document;
  const title = `${name} ${from} to ${to}: ${decision}`;
  const entries = [...document.swaps, ...document.rows].map(({ entry }) => entry);
  return renderPage({
    title: `${title} – Everyline`,
    subject: upgradeId,
    body: html`<div>
      <section class="hero ${verdictOf[decision]}" aria-label="Decision">
        <h1>${title}</h1>
        <p class="claim">${sentenceOf[decision]}. ${entries.length > 0 && describeOrigin(entries)}</p>
      </section>
      ${section("reasons", "Reasons", reasonsIn(report))} ${section("swaps", "The upgrade itself", swapsIn(report))}
      ${report.rows.length > 0 && section("rows", "The guarantees table on both versions", rowsIn(report))}
      ${section("configuration", "Configuration", configurationIn(report))}
      ${section("repeat", "Try it again", html`<pre tabindex="0"><code>${upgradeCommand(report)}</code></pre>`)}
    </div>`,
  });
}

function reasonsIn({ reasons }: UpgradeReport): Markup {
  if (reasons.length === 0) return html`<p>Nothing speaks against it.</p>`;
  return (["against", "open", "note"] as const).map((weight) => {
    const texts = reasons.filter((reason) => reason.weight === weight);
    if (texts.length === 0) return null;
    return html`<h3>${reasonHeadings[weight]}</h3>
      <ul class="reasons">${texts.map(({ text }) => html`<li>${text}</li>`)}</ul>`;
  });
}

function swapsIn({ document: { swaps, from, to } }: UpgradeReport): VNode {
  if (swaps.length === 0) return html`<p>It was not tested.</p>`;
  const columns = ["what", "verdict", "measured", "recovery", "evidence"].map((title) => ({ title }));
  return html`<div>
    <p>Lines flow while ${from} gives way to ${to} on the same volumes, one container after the other, and then back again.</p>
    ${table(
      "The upgrade under load",
      columns,
      swaps.map((swap) => {
        const { entry } = swap;
        return [
          entry.claim,
          html`<div>${verdictBadge(entry.verdict)} ${linksTo([entry], runsFolder)}</div>`,
          describeSwap(swap) || linesOf(entry),
          describeSeconds(entry.recoverySeconds),
          html`<ul class="evidence">${swap.evidence.map((item) => html`<li>${item}</li>`)}</ul>`,
        ];
      }),
      { isStacked: true },
    )}
  </div>`;
}

function rowsIn({ document: { from, to }, rows }: UpgradeReport): VNode {
  const columns = ["claim", from, to, "recovery before", "after"].map((title) => ({ title }));
  return table(
    "Each row on both versions",
    columns,
    rows.map(({ claim, isRace, from, to }) => [
      `${claim}${isRace ? " (a race)" : ""}`,
      sideOf(from),
      sideOf(to),
      describeSeconds(from?.recoverySeconds ?? null),
      describeSeconds(to?.recoverySeconds ?? null),
    ]),
  );
}

function sideOf(side: Side | undefined): Markup {
  if (side === undefined) return "not run";
  const measured = describeMeasured(side.runs);
  return html`${verdictBadge(side.verdict)} ${linksTo(side.runs, runsFolder)} ${measured !== "" && html`<div class="note">${measured}</div>`}`;
}

function configurationIn({ document: { configChecks, deprecations } }: UpgradeReport): VNode {
  const checks = table(
    "What each version says about the configuration",
    ["pipeline", "part", "version", "outcome", "in its words"].map((title) => ({ title })),
    configChecks.map(({ pipeline, service, version, outcome, messages }) => [
      pipeline,
      service,
      version,
      outcome,
      messages.length === 0 ? null : html`<span class="evidence">${messages.join("; ")}</span>`,
    ]),
    { isStacked: true },
  );
  if (deprecations.length === 0) return checks;
  return html`<div>
    ${checks}
    ${table(
      "What a later version will no longer accept",
      ["pipeline", "part", "what", "who says so"].map((title) => ({ title })),
      deprecations.map(({ pipeline, service, what, source }) => [pipeline, service, what, source]),
      { isCaptionShown: true },
    )}
  </div>`;
}

function linesOf({ counts }: HistoryEntry): string {
  return counts === null ? "no verdict" : `${counts.delivered} of ${counts.written} lines`;
}
