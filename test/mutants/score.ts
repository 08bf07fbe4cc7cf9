import type { Finding } from "./checker.ts";
import type { Mutant } from "./mutant.ts";

/** How a checker did on the mutants of one kind. */
export interface Score {
  group: string;
  kind: string;
  mutants: number;
  /** Of which it told the truth, to the line. */
  killed: number;
  /** That are broken, and it said that they hold. */
  wrongHolds: number;
  /** That hold, and it said that they are broken. */
  falseAlarms: number;
}

/** A mutant of which a checker did not tell the truth. */
export interface Survivor {
  mutant: Mutant;
  /** How it was read back. */
  how: string;
  /** What the checker said, or why it said nothing. */
  found: Finding | string;
}

const maxSurvivors = 20;

/** How a checker did, kind by kind in the order in which they come, and the first mutants that survived it. */
export class ScoreBoard {
  readonly name: string;
  readonly scores: Score[] = [];
  readonly survivors: Survivor[] = [];
  readonly #byKind = new Map<string, Score>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param isKilled whether what was found is all of the truth and nothing else */
  add(mutant: Mutant, how: string, found: Finding | string, isKilled: boolean): void {
    const score = this.#scoreOf(mutant);
    const { verdict } = mutant.truth;
    const said = typeof found === "string" ? undefined : found.verdict;
    score.mutants++;
    if (isKilled) score.killed++;
    else if (this.survivors.length < maxSurvivors) this.survivors.push({ mutant, how, found });
    if (verdict === "broken" && said === "holds") score.wrongHolds++;
    if (verdict === "holds" && said === "broken") score.falseAlarms++;
  }

  #scoreOf({ group, kind }: Mutant): Score {
    const known = this.#byKind.get(kind);
    if (known !== undefined) return known;
    const score = { group, kind, mutants: 0, killed: 0, wrongHolds: 0, falseAlarms: 0 };
    this.#byKind.set(kind, score);
    this.scores.push(score);
    return score;
  }
}

type Figure = "mutants" | "killed" | "wrongHolds" | "falseAlarms";

/** A figure of all scores together. */
export function sumOf(scores: readonly Score[], figure: Figure): number {
  return scores.reduce((sum, score) => sum + score[figure], 0);
}
