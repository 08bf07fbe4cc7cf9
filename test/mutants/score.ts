import type { Finding } from "./checker.ts";
import type { Mutant } from "./mutant.ts";

/** The results of a checker on the mutants of one kind. */
export interface Score {
  group: string;
  kind: string;
  mutants: number;
  /** Mutants with an exactly correct result. */
  killed: number;
  /** Broken mutants that it called `holds`. */
  wrongHolds: number;
  /** Intact mutants that it called `broken`. */
  falseAlarms: number;
}

/** A mutant with a wrong result of a checker. */
export interface Survivor {
  mutant: Mutant;
  /** How it was read back. */
  how: string;
  /** The checker's result, or its error. */
  found: Finding | string;
}

const maxSurvivors = 20;

/** The results of a checker, kind by kind in order of appearance, and the first mutants that survived. */
export class ScoreBoard {
  readonly name: string;
  readonly scores: Score[] = [];
  readonly survivors: Survivor[] = [];
  readonly #byKind = new Map<string, Score>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param isKilled whether the result is exactly the expected one */
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
