import type { VNode } from "preact";
import { isLossCertain } from "../../judge/loss-certainty.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { aboutClaim } from "../about-claim.ts";
import { describeBounds, describeRecovery, grouped } from "../describe.ts";
import { type FactName, factsOf, textsOf } from "../facts.ts";
import { headlineOf } from "../headline.ts";
import type { ReportedRun } from "../reported-run.ts";
import { describeFaultEvidence } from "../words/evidence-words.ts";
import { alertsSection } from "./alerts-section.ts";
import { type Chart, figure } from "./chart.ts";
import { claimedTable } from "./claimed.ts";
import { cut, section, table, verdictBadge, within } from "./components.ts";
import { eventList } from "./events.ts";
import { inFlightChart } from "./in-flight-chart.ts";
import { latencyChart } from "./latency-chart.ts";
import { linesChart } from "./lines-chart.ts";
import { lossesChart } from "./losses-chart.ts";
import { rangeLists } from "./lost-ranges.ts";
import { html, type Markup } from "./markup.ts";
import { observed } from "./observed.ts";
import { renderPage } from "./page.ts";
import { definitions } from "./plot.ts";
import { RunTime } from "./run-time.ts";
import { configuration, environment, images, repetition } from "./surroundings-section.ts";
import { trackCharts } from "./track-charts.ts";

const maxReasons = 30;
const maxReasonLength = 1_500;
const maxTextCharacters = 30_000;
const maxFaults = 40;
const factLimits = { lostRanges: 0, tornLines: 30, alerts: 0 };
/** What is told beside the counts, and how it is called. */
const besides: [FactName, string][] = [
  ["time", "Time"],
  ["sites", "Sites"],
  ["kafka", "Kafka"],
  ["refused", "Refused"],
  ["torn at the source", "Torn at the source"],
];
/** From here on a headline is set smaller. */
const longHeadline = 130;

/** One run as a page that opens from disk: below 1 MB whatever the run was like. */
export function renderRunPage(run: ReportedRun): string {
  const { document, timeline, journal, files } = run;
  const time =
    timeline && timeline.tracks.length > 0 && timeline.buckets.length > 0
      ? new RunTime(document, timeline)
      : undefined;
  const charts: Chart[] =
    timeline && time
      ? [
          linesChart(timeline, time),
          inFlightChart(document, timeline, time),
          latencyChart(timeline, time),
          lossesChart(document, timeline, time),
        ].filter((chart) => chart !== undefined)
      : [];
  const others = timeline && time ? trackCharts(timeline, time) : { charts: [], omitted: [] };
  const body = html`<div>
    ${definitions(time)} ${hero(document)}
    ${section("claimed", "Claimed and measured", html`<div>${claimedTable(document)}${source(document)}${remarks(document)}</div>`)}
    ${section(
      "timeline",
      "What happened when",
      html`<div>
        ${faultList(document, time)}
        ${time ? charts.map((chart) => figure(chart, time)) : html`<p class="note">${missing(run)}</p>`}
        ${rangeLists(document, timeline, time)}
      </div>`,
    )}
    ${alertsSection(document.alerts)}
    ${timeline && time && observed(timeline, others, time)}
    ${section("journal", "Journal", eventList(journal))}
    ${section("configuration", "Configuration", configuration(files))} ${section("images", "Images", images(document))}
    ${section("environment", "Environment", environment(document))}
    ${section("repeat", "Run it again", repetition(document, journal))}
  </div>`;
  return renderPage({
    title: `${document.verdict}: ${document.plan.claim.id} – Everyline`,
    subject: document.runId,
    body,
    ...(time && { charts: chartData([...charts, ...others.charts], time) }),
  });
}

function hero(document: RunDocument): VNode {
  const { counts, plan, verdict } = document;
  const { claim } = plan;
  const isCertain = isLossCertain(document);
  const headline = headlineOf(document);
  const figures: [string, string][] = [
    [grouped(counts.written), "lines written"],
    [grouped(counts.delivered), isCertain ? "came back" : "came back at least"],
    [grouped(counts.lost), isCertain ? "lost" : "not seen"],
    [grouped(counts.duplicated), "surplus copies"],
    [describeRecovery(document).replace("-", "–"), "to recover"],
  ];
  return html`<section class="hero ${verdict}" aria-label="Verdict">
    <p class="verdict">${verdictBadge(verdict)} <span class="claim-id">${claim.id}</span></p>
    <h1 class=${headline.length > longHeadline ? "long" : undefined}>${withOptionsWhole(headline)}</h1>
    <p class="claim"><strong>The claim:</strong> ${cut(claim.text, maxReasonLength)} <span class="muted">(${describeBounds(claim.bounds) || "no bounds"})</span></p>
    <dl class="figures">${figures.map(([value, name]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  </section>`;
}

/** An option of the command line is not to be torn at its hyphens. */
function withOptionsWhole(text: string): Markup[] {
  return text
    .split(/(\(?--[a-z][a-z-]*\)?,?)/)
    .map((part, index) => (index % 2 === 1 ? html`<span class="nowrap">${part}</span>` : part));
}

function source({ plan: { claim } }: RunDocument): VNode | undefined {
  const text = aboutClaim(claim.id);
  return text === undefined ? undefined : html`<p class="note">${text}</p>`;
}

/** What belongs to the verdict beside the counts. */
function remarks(document: RunDocument): VNode {
  const limits = { items: maxReasons, characters: maxTextCharacters };
  const all = factsOf(document, factLimits);
  const reasons = textsOf(all, "reason").map((reason) => cut(reason, maxReasonLength));
  const { shown, omitted } = within(reasons, limits, ({ length }) => length);
  const facts = besides.flatMap(([name, title]): [string, string][] => {
    const texts = textsOf(all, name);
    return texts.length === 0 ? [] : [[title, texts.join("; ")]];
  });
  return html`<div>
    ${
      shown.length > 0 &&
      html`<div>
        <h3>Why the verdict is ${document.verdict}</h3>
        <ul class="reasons">${shown.map((reason) => html`<li>${reason}</li>`)}</ul>
        ${omitted > 0 && html`<p>${omitted} more reasons are in run.json.</p>`}
      </div>`
    }
    ${
      facts.length > 0 &&
      html`<dl class="facts">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${cut(text, maxReasonLength)}</dd></div>`)}</dl>`
    }
  </div>`;
}

function faultList({ faults }: RunDocument, time: RunTime | undefined): VNode {
  if (faults.length === 0) return html`<p class="note">Nothing was broken on purpose in this run.</p>`;
  const sorted = faults.toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
  const limits = { items: maxFaults, characters: maxTextCharacters };
  const told = sorted.map((fault) => ({ ...fault, evidence: describeFaultEvidence(fault) }));
  const { shown, omitted } = within(told, limits, ({ evidence }) =>
    Math.min(evidence.length, maxReasonLength),
  );
  const rows = shown.map(({ kind, target, startedAt, endedAt, effective, evidence }, index) => [
    `${index + 1}`,
    html`<span class="nowrap">${kind} ${target}</span>`,
    time
      ? html`<span class="nowrap">${time.label(Date.parse(startedAt))} – ${time.label(Date.parse(endedAt))}</span>`
      : html`<span>${startedAt} – ${endedAt}</span>`,
    effective ? "✓ yes" : html`<strong>✕ no</strong>`,
    html`<span class="evidence">${cut(evidence, maxReasonLength)}</span>`,
  ]);
  const columns = ["no.", "fault", "in force", "took effect", "how that is known"].map((title) => ({
    title,
  }));
  return html`<div>
    ${table("Faults", columns, rows, { isStacked: true })} ${omitted > 0 && html`<p>${omitted} more faults are not drawn, and in run.json only.</p>`}
  </div>`;
}

function missing({ timeline }: ReportedRun): string {
  return timeline === undefined
    ? "This run was stored without a timeline (timeline.json), so what happened when cannot be drawn; the counts above are complete."
    : "No line was written, so there is nothing to draw over time.";
}

function chartData(charts: Chart[], time: RunTime): Record<string, unknown> {
  const sinceFirst = (ms: number) => Math.round(ms - time.originMs);
  return {
    start: sinceFirst(time.startMs),
    end: sinceFirst(time.endMs),
    faults: time.faults
      .slice(0, maxFaults)
      .map(({ name, startMs, endMs }) => ({ name, start: sinceFirst(startMs), end: sinceFirst(endMs) })),
    charts: Object.fromEntries(charts.map(({ id, readout }) => [id, readout])),
  };
}
