import { describeSeconds } from "../report/describe.ts";
import { row } from "../report/markdown.ts";
import { describeMeasured } from "../report/matrix.ts";
import { describeOrigin } from "../report/matrix-markdown.ts";
import {
  describeSwap,
  reasonHeadings,
  type Side,
  slowerBySeconds,
  slowerTimes,
  type UpgradeReport,
} from "./upgrade.ts";

/** An upgrade in Markdown: what was tested, the results, and the decision. */
export function renderUpgradeMarkdown(report: UpgradeReport): string {
  const { document } = report;
  const { name, from, to } = document;
  const entries = [...document.rows, ...document.swaps].map(({ entry }) => entry);
  return `${[
    `# Upgrade of ${name} from ${from} to ${to}: ${report.decision}`,
    `\`${upgradeCommand(report)}\``,
    ...(entries.length === 0 ? [] : [describeOrigin(entries)]),
    swapsIn(report),
    rowsIn(report),
    configurationIn(report),
    decisionIn(report),
  ]
    .filter((section) => section !== "")
    .join("\n\n")}\n`;
}

/** The command that repeats it. */
export function upgradeCommand({ document: { name, from, to, options } }: UpgradeReport): string {
  return [
    `everyline upgrade --from ${name}=${from} --to ${name}=${to}`,
    ...options.pipelines.map((pipeline) => `--pipeline ${pipeline}`),
    ...options.scenarios.map((scenario) => `--scenario ${scenario}`),
    ...(options.layout === null ? [] : [`--layout ${options.layout}`]),
    ...(options.swapOnly ? ["--swap-only"] : []),
    ...(options.repeat === 1 ? [] : [`--repeat ${options.repeat}`]),
  ].join(" ");
}

function swapsIn({ document: { swaps, from, to } }: UpgradeReport): string {
  if (swaps.length === 0) return "";
  return [
    "## The upgrade itself",
    "",
    `While lines are written, ${from} is replaced by ${to} on the same volumes, one container after the other, and then back again.`,
    "",
    "| what | verdict | lines | measured | recovery |",
    "|---|---|---|---|---|",
    ...swaps.map((swap) => {
      const { entry } = swap;
      return row([
        entry.claim,
        `**${entry.verdict}**`,
        entry.counts === null ? "-" : `${entry.counts.delivered} of ${entry.counts.written}`,
        describeSwap(swap),
        describeSeconds(entry.recoverySeconds),
      ]);
    }),
    ...swaps.flatMap((swap) => [
      "",
      `What was done in ${swap.entry.claim}:`,
      "",
      ...swap.evidence.map((item) => `- ${escapedItem(item)}`),
    ]),
  ].join("\n");
}

function rowsIn({ document: { from, to }, rows }: UpgradeReport): string {
  if (rows.length === 0) return "";
  return [
    "## The guarantees table on both versions",
    "",
    `| claim | ${from} | ${to} | recovery before | after |`,
    "|---|---|---|---|---|",
    ...rows.map((pair) =>
      row([
        `${pair.claim}${pair.isRace ? " (a race)" : ""}`,
        describeSide(pair.from),
        describeSide(pair.to),
        describeSeconds(pair.from?.recoverySeconds ?? null),
        describeSeconds(pair.to?.recoverySeconds ?? null),
      ]),
    ),
    "",
    `A recovery counts as slower if its median is more than ${slowerTimes} times and ${slowerBySeconds} s above the old one's.`,
  ].join("\n");
}

/** The results of the runs on one version. */
function describeSide(side: Side | undefined): string {
  if (side === undefined) return "not run";
  const measured = describeMeasured(side.runs);
  return measured === "" ? `**${side.verdict}**` : `**${side.verdict}**: ${measured}`;
}

function configurationIn({ document: { configChecks } }: UpgradeReport): string {
  return [
    "## Configuration",
    "",
    "| pipeline | part | version | its configuration | what it said |",
    "|---|---|---|---|---|",
    ...configChecks.map(({ pipeline, service, version, outcome, messages }) =>
      row([pipeline, service, version, outcome, messages.join("; ")]),
    ),
  ].join("\n");
}

function decisionIn({ decision, reasons }: UpgradeReport): string {
  const sections = (["against", "open", "note"] as const).flatMap((weight) => {
    const texts = reasons
      .filter((reason) => reason.weight === weight)
      .map(({ text }) => `- ${escapedItem(text)}`);
    return texts.length === 0 ? [] : [`${reasonHeadings[weight]}:\n\n${texts.join("\n")}`];
  });
  const nothing = sections.length === 0 ? ["Nothing speaks against it."] : [];
  return [`## Decision: ${decision}`, ...sections, ...nothing].join("\n\n");
}

/** The output of a container must not become markup. */
function escapedItem(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/</g, "&lt;");
}
