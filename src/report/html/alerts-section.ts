import type { VNode } from "preact";
import type { AlertOutcome, AlertsDocument } from "../../judge/alerts-document.ts";
import { countOf, describeSeconds, grouped } from "../describe.ts";
import {
  describeBlindSpot,
  describeDeeds,
  describeNotice,
  inOrderOfFiring,
  noticedWords,
} from "../words/alert-words.ts";
import { cut, section, table } from "./components.ts";
import { html } from "./markup.ts";

const maxAlerts = 60;
const maxBlindSpots = 20;
const maxTextLength = 600;
const maxQuietLength = 2_000;

/** What the alerts of a run told; null if none were observed. */
export function alertsSection(alerts: AlertsDocument | undefined): VNode | null {
  if (alerts === undefined) return null;
  const { blindSpots, sets } = alerts;
  const ordered = inOrderOfFiring(alerts.alerts);
  const omitted = ordered.length - maxAlerts;
  return section(
    "alerts",
    "Would anyone have noticed?",
    html`<div>
      <p>${describeNotice(alerts)}</p>
      ${sets.length > 0 && setTable(sets)}
      ${ordered.length > 0 && alertTable(ordered.slice(0, maxAlerts))}
      ${omitted > 0 && html`<p>${omitted} more alerts are in run.json.</p>`}
      ${quietList(alerts)}
      ${
        blindSpots.length > 0 &&
        html`<div>
          <h3>When alerts may have been missed</h3>
          <ul class="reasons">${blindSpots.slice(0, maxBlindSpots).map((spot) => html`<li>${cut(describeBlindSpot(spot), maxTextLength)}</li>`)}</ul>
          ${blindSpots.length > maxBlindSpots && html`<p>${blindSpots.length - maxBlindSpots} more are in run.json.</p>`}
        </div>`
      }
    </div>`,
  );
}

function setTable(sets: AlertsDocument["sets"]): VNode {
  const rows = sets.map(({ set, rules, fired, falseAlarms, noticed, warningSeconds }) => [
    set,
    noticedWords[noticed],
    warningSeconds === null ? "–" : describeSeconds(warningSeconds),
    `${fired} of ${rules}`,
    grouped(falseAlarms),
  ]);
  const columns = [
    { title: "rule set" },
    { title: "loss noticed" },
    { title: "longest warning", isNumeric: true },
    { title: "rules that fired", isNumeric: true },
    { title: "false alarms", isNumeric: true },
  ];
  return table("Rule sets", columns, rows, { isStacked: true });
}

function alertTable(alerts: AlertOutcome[]): VNode {
  const rows = alerts.map((outcome) => [
    html`<span class="nowrap">${outcome.set}/${outcome.alert}</span>`,
    outcome.severity ?? "–",
    outcome.fired === null ? "–" : describeSeconds(outcome.fired.seconds),
    describeDeeds(outcome).join(", "),
  ]);
  const columns = [
    { title: "alert" },
    { title: "severity" },
    { title: "fired after the first fault", isNumeric: true },
    { title: "what it did" },
  ];
  return table("Alerts that were pending or firing", columns, rows, { isStacked: true });
}

function quietList({ quiet }: AlertsDocument): VNode | null {
  const sets = Object.entries(quiet);
  if (sets.length === 0) return null;
  const count = sets.reduce((sum, [, names]) => sum + names.length, 0);
  const named = sets.map(([set, names]) => `${set}: ${names.join(", ")}`).join("; ");
  return html`<p class="note">${countOf(count, "rule")} neither fired nor were pending. ${cut(named, maxQuietLength)}</p>`;
}
