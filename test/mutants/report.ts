import { plainTable } from "../../src/report/plain-table.ts";
import type { Campaign } from "./campaign.ts";
import { everyline } from "./checker.ts";
import { kindsByGroup } from "./kinds/all.ts";
import { knownBad } from "./known-bad.ts";
import { type Score, type ScoreBoard, type Survivor, sumOf } from "./score.ts";

/** Every mutant that survived Everyline's checker, in any way of reading it back. */
export function survivorsOf({ inMemory, byFiles, asReadings }: Campaign): Survivor[] {
  return [inMemory[0]!, byFiles, asReadings].flatMap(({ survivors }) => survivors);
}

const numbers = new Intl.NumberFormat("en-US");

function outOf(scores: readonly Score[]): string {
  const mutants = sumOf(scores, "mutants");
  return mutants === 0 ? "—" : `${numbers.format(sumOf(scores, "killed"))} / ${numbers.format(mutants)}`;
}

function percentOf(scores: readonly Score[]): string {
  const [killed, mutants] = [sumOf(scores, "killed"), sumOf(scores, "mutants")];
  // Never rounded up to 100 %, which would mean that none survived.
  return `${(Math.floor((killed * 1_000) / mutants) / 10).toFixed(1)} %`;
}

/** One row for each checker: its correct results, its wrong `holds`, and its false alarms. */
function checkerRows({ inMemory }: Campaign): string[][] {
  return inMemory.map(({ name, scores }) => [
    name,
    outOf(scores),
    percentOf(scores),
    numbers.format(sumOf(scores, "wrongHolds")),
    numbers.format(sumOf(scores, "falseAlarms")),
  ]);
}

const checkerHead = ["checker", "mutants killed", "", "wrong `holds`", "false alarms"];

function groupsOf({ scores }: ScoreBoard): string[] {
  return [...new Set(inOrder(scores).map(({ group }) => group))];
}

/** Scores in the order in which the kinds are listed; kinds in no list come last. */
function inOrder(scores: readonly Score[]): Score[] {
  const names = Object.values(kindsByGroup).flatMap((kinds) => kinds.map(({ name }) => name));
  const placeOf = ({ kind }: Score) => (names.includes(kind) ? names.indexOf(kind) : names.length);
  return scores.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The figures of some scores: one column for each way of reading back, then the wrong `holds` of each known-bad checker. */
function figures(campaign: Campaign, isMeant: (score: Score) => boolean): string[] {
  const [own, ...bad] = campaign.inMemory.map(({ scores }) => scores.filter(isMeant));
  const read = [own!, campaign.byFiles.scores.filter(isMeant), campaign.asReadings.scores.filter(isMeant)];
  return [...read.map(outOf), ...bad.map((scores) => numbers.format(sumOf(scores, "wrongHolds")))];
}

const figureHead = [
  "in memory",
  "by files",
  "as one of two readings",
  ...knownBad.map(({ name }) => `wrong \`holds\`: ${name}`),
];

/** The results of a campaign for a terminal: one row for each group, and every survivor. */
export function summaryOf(campaign: Campaign): string {
  const rows = groupsOf(campaign.inMemory[0]!).map((group) => [
    group,
    ...figures(campaign, (score) => score.group === group),
  ]);
  const plain = (texts: string[]) => texts.map((text) => text.replaceAll("`", ""));
  return [
    plainTable(rows, { head: plain(["mutants", ...figureHead]) }),
    plainTable(checkerRows(campaign), { head: plain(checkerHead) }),
    ...survivorsOf(campaign).map(describeSurvivor),
  ].join("\n");
}

function describeSurvivor({ mutant, how, found }: Survivor): string {
  const cut = (value: unknown) => JSON.stringify(value).slice(0, 1_000);
  const { kind, where, truth } = mutant;
  return `survived, ${how}: ${kind}; ${where}\n  truth: ${cut(truth)}\n  found: ${cut(found)}`;
}

/** The results of a campaign as Markdown. */
export function documentOf(campaign: Campaign, atMs: number): string {
  const own = campaign.inMemory[0]!;
  const all = [own, campaign.byFiles, campaign.asReadings].flatMap(({ scores }) => scores);
  const sections = groupsOf(own).flatMap((group) => {
    const kinds = inOrder(own.scores).filter((score) => score.group === group);
    const rows = kinds.map(({ kind }) => [kind, ...figures(campaign, (score) => score.kind === kind)]);
    const total = figures(campaign, (score) => score.group === group);
    return [
      "",
      `### ${group}`,
      "",
      ...markdownTable(["kind", ...figureHead], [...rows, ["**all**", ...total]]),
    ];
  });
  return [
    "# Damaged histories that the checker must recognise",
    "",
    `${new Date(atMs).toISOString().slice(0, 10)}, seed ${campaign.seed}, Node ${process.versions.node}. Written by`,
    "`npm run mutants -- --report docs/mutants.md`; the same seed makes the same mutants.",
    "",
    `**${outOf(all)} mutants killed (${percentOf(all)}).** ${own.scores.length} kinds of damage.`,
    "",
    ...introduction,
    "",
    ...markdownTable(checkerHead, checkerRows(campaign)),
    "",
    ...[everyline, ...knownBad].map(({ name, method }) => `- **${name}** ${method}.`),
    "",
    "## By kind",
    "",
    ...explanation,
    ...sections,
    "",
  ].join("\n");
}

const introduction = [
  "A mutant is a correct history (a ledger, and all of its lines as they are read back) that was damaged in one known way, or in two at",
  "once. The code that damages it states the expected result: every count, every lost and duplicated range, and the verdict under a",
  "claim that allows neither loss nor duplicates. It uses no code of the checker (`src/judge`). A mutant is killed if the checker reports",
  "exactly that; a right verdict with a wrong count is a survivor. Damage is done at random places, and at boundaries:",
  "the first, the last and the only line, a whole source, the ends of batches, of time slices, and of the chunks in which files are read.",
  "",
  "The same mutants were given to three checkers that are known to be bad. A *wrong `holds`* is a broken history that a checker accepts as",
  "intact, a *false alarm* an intact one that it calls broken.",
];

const explanation = [
  "- **in memory**: the texts are passed directly to the observation, and then to `assess` and `judge`.",
  "- **by files**: written to files and read as `everyline verify` does it: raw lines in one file, raw lines in a file a stream without",
  "  the last newline, JSON lines of Loki, of Docker and with a field of any name, Loki's query_range answer, the Collector's OTLP JSON, CSV,",
  "  docker compose logs, a container runtime's file, gzip, one after the other.",
  "- **as one of two readings**: the other reading has every line as it was written; whichever of the two is damaged, the verdict must be",
  "  `broken`, or `unknown` if lines are only missing. Harmless changes and changed ledgers do not apply here.",
];

function markdownTable(head: string[], rows: string[][]): string[] {
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [row(head), row(rule), ...rows.map(row)];
}
