import { formatBytes } from "../src/base/format-bytes.ts";
import { type Figure, isReached, type Peer, type Row } from "./benchmark.ts";
import type { Result } from "./results.ts";

const numbers = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** `docs/benchmarks.md`: what each benchmark has found when it was last run. */
export function pageOf(results: readonly Result[]): string {
  return `${[head, ...results.map(sectionOf)].join("\n\n")}\n`;
}

const head = `# How fast Everyline is

Written by \`npm run bench\`, which measures commands beside each other and repeats them; \`npm run bench NAME\` runs one benchmark, and
keeps what is written here of the others. Times are medians of wall time. A machine that is busy meanwhile makes both sides slower, so ratios
tell more than times.`;

function sectionOf({ benchmark, question, date, machine, rows }: Result): string {
  const table = [
    "| what | input | measured | wanted | reached |",
    "| --- | --- | ---: | ---: | --- |",
    ...rows.map(tableRowOf),
  ];
  return [
    `## ${benchmark}`,
    question,
    `${date}, ${machine}.`,
    table.join("\n"),
    rows.map(commandsOf).join("\n"),
  ].join("\n\n");
}

function tableRowOf({ what, input, figure }: Row): string {
  const cells = [what, input, measuredText(figure), wantedText(figure), reachedText(figure)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const measuredText = ({ value, unit }: Figure) =>
  value === undefined ? "not measured" : `${numbers.format(value)} ${unit}`;

function wantedText({ wanted }: Figure): string {
  if (wanted === undefined) return "–";
  return "atLeast" in wanted ? `≥ ${numbers.format(wanted.atLeast)}` : `≤ ${numbers.format(wanted.atMost)}`;
}

function reachedText(figure: Figure): string {
  const reached = isReached(figure);
  return reached === undefined ? "–" : reached ? "yes" : "**no**";
}

function commandsOf({ what, repeats, subject, peer }: Row): string {
  const against = peer === undefined ? "" : `, against ${sideText(peer)}`;
  return `- ${what}: ${sideText(subject)}${against}; ${repeats === 1 ? "one run" : `medians of ${repeats} runs`}.`;
}

function sideText(side: Peer): string {
  if ("missing" in side) return `${codeOf(side.command)} (not measured: ${side.missing})`;
  const { command, seconds, cpuSeconds, peakBytes } = side;
  const figures = [
    `${seconds.toFixed(2)} s`,
    ...(cpuSeconds === undefined ? [] : [`${cpuSeconds.toFixed(2)} s of processors`]),
    ...(peakBytes === undefined ? [] : [`at most ${formatBytes(peakBytes)}`]),
  ];
  return `${codeOf(command)} (${figures.join(", ")})`;
}

/** A command has no backtick in it but in two. */
const codeOf = (command: string) => (command.includes("`") ? `\`\` ${command} \`\`` : `\`${command}\``);
