import type { Claim } from "../../plan/claim.ts";
import { type Definition, definitions } from "../../report/definitions.ts";
import { describeBounds } from "../../report/describe.ts";

/** A scenario, or one of its cases, as `everyline list` shows it. */
export interface ListedScenario {
  name: string;
  summary: string;
}

/** A pipeline as `everyline list` shows it. */
export interface ListedPipeline {
  name: string;
  title: string;
  /** Its layouts, the default first. */
  layouts: { name: string; title: string }[];
}

/** The titles and the text below each, separated by blank lines. */
export function sectionsText(sections: [title: string, body: string][]): string {
  return `${sections.map(([title, body]) => `${title}\n${body}\n`).join("\n")}`;
}

/** A sentence for each scenario. */
export function scenariosText(scenarios: ListedScenario[], width: number): string {
  return definitions(
    scenarios.map(({ name, summary }): Definition => [name, summary]),
    width,
  );
}

/** A title for each pipeline and, if it has several layouts, for each of them. */
export function pipelinesText(pipelines: ListedPipeline[], width: number): string {
  const rows = pipelines.flatMap(({ name, title, layouts }): Definition[] => [
    [name, title],
    ...(layouts.length === 1
      ? []
      : layouts.map((layout): Definition => [`  --layout ${layout.name}`, layout.title])),
  ]);
  return definitions(rows, width);
}

/** What is claimed for each scenario, and below it the known result on each pipeline. */
export function claimsText(claims: Claim[], width: number): string {
  const groups = Map.groupBy(claims, ({ scenario, bounds }) => `${scenario}: ${describeBounds(bounds)}`);
  // All groups share their columns, so that the verdicts are aligned.
  const rows = [...groups].flatMap(([title, claims]): Definition[] => [
    [title, ""],
    ...claims.map((claim): Definition => [`  ${claim.pipeline}`, describeKnown(claim)]),
  ]);
  return definitions(rows, width);
}

function describeKnown({ measured: { verdict, isRace, why } }: Claim): string {
  const known = isRace ? `${verdict} (a race)` : verdict;
  return why === undefined ? known : `${known}: ${why}`;
}
