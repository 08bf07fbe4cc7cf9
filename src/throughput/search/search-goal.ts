import { parseDurationSeconds } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";

/** What a search looks for, in the terms of draft-ietf-bmwg-mlrsearch-15. */
export interface SearchGoal {
  /** Goal Initial Trial Duration: how long the trials last that find out where to look, in seconds. */
  initialTrialSeconds: number;
  /** Goal Final Trial Duration: how long a trial has to last at least to count as full-length, in seconds. */
  finalTrialSeconds: number;
  /** Goal Duration Sum: how long the trials at one load have to last together to decide about it, in seconds. */
  durationSumSeconds: number;
  /** Goal Loss Ratio: the largest share of lines that a trial may lose, from 0 to less than 1. A trial that loses more is high-loss. */
  lossRatio: number;
  /** Goal Exceed Ratio: the largest share of the duration sum that high-loss trials may take, from 0 to less than 1. */
  exceedRatio: number;
  /** Goal Width: how far apart the two bounds may be at the end, as a share of the upper one. */
  width: number;
}

/** The goals that have names: those of RFC 2544 and ETSI GS NFV-TST 009, and short ones. */
export const namedGoals: Readonly<Record<string, SearchGoal>> = {
  /** The default: one trial of 10 s decides about a load. */
  short: goal({ initial: 5, final: 10, sum: 10, exceed: 0, width: 0.1 }),
  /** Like `short`, but of three trials one may lose lines. */
  repeated: goal({ initial: 5, final: 10, sum: 30, exceed: 0.34, width: 0.1 }),
  rfc2544: goal({ initial: 10, final: 60, sum: 60, exceed: 0, width: 0.05 }),
  tst009: goal({ initial: 10, final: 60, sum: 120, exceed: 0.5, width: 0.05 }),
};

const example = "trial=10s,sum=30s,loss=0,exceed=0.5,width=0.05";

/**
 * A goal by its name, or by its attributes: `trial`, and `initial`, `sum`, `loss`, `exceed` and `width`, which have defaults.
 *
 * @throws UsageError if it is neither, or no goal can have such attributes
 */
export function parseGoal(text: string): SearchGoal {
  const named = Object.hasOwn(namedGoals, text) ? namedGoals[text] : undefined;
  if (named !== undefined) return named;
  const attributes = new Map(
    text.split(",").map((part) => part.split("=", 2) as [string, string | undefined]),
  );
  const unknown = [...attributes.keys()].find(
    (name) => !["trial", "initial", "sum", "loss", "exceed", "width"].includes(name),
  );
  const trial = attributes.get("trial");
  if (unknown !== undefined || trial === undefined)
    throw new UsageError(
      `expected a goal like ${Object.keys(namedGoals).join(", ")} or ${example}, got ${JSON.stringify(text)}.`,
    );
  const seconds = (name: string) => {
    const value = attributes.get(name);
    return value === undefined ? undefined : parseDurationSeconds(value);
  };
  const ratio = (name: string) => {
    const value = attributes.get(name);
    return value === undefined ? undefined : Number(value === "" ? Number.NaN : value);
  };
  const finalTrialSeconds = parseDurationSeconds(trial);
  return checkedGoal({
    finalTrialSeconds,
    initialTrialSeconds: seconds("initial") ?? finalTrialSeconds,
    durationSumSeconds: seconds("sum") ?? finalTrialSeconds,
    lossRatio: ratio("loss") ?? 0,
    exceedRatio: ratio("exceed") ?? 0,
    width: ratio("width") ?? 0.1,
  });
}

/**
 * The same goal, if there can be such a one.
 *
 * @throws UsageError otherwise
 */
export function checkedGoal(goal: SearchGoal): SearchGoal {
  const { initialTrialSeconds: initial, finalTrialSeconds: final, durationSumSeconds: sum, width } = goal;
  const isRatio = (value: number) => value >= 0 && value < 1;
  if (!isRatio(goal.lossRatio)) throw refused("a loss ratio from 0 to less than 1", goal.lossRatio);
  if (!isRatio(goal.exceedRatio)) throw refused("an exceed ratio from 0 to less than 1", goal.exceedRatio);
  if (!isRatio(width) || width === 0) throw refused("a width of more than 0 and less than 1", width);
  if (!(initial > 0 && initial <= final))
    throw refused(`an initial trial duration of more than 0 s and at most ${final} s`, initial);
  if (!(sum >= final)) throw refused(`a duration sum of at least one trial, ${final} s`, sum);
  return goal;
}

function refused(expected: string, found: number): UsageError {
  return new UsageError(`expected ${expected} in a goal, got ${found}; write it like ${example}.`);
}

function goal(of: {
  initial: number;
  final: number;
  sum: number;
  exceed: number;
  width: number;
}): SearchGoal {
  return {
    initialTrialSeconds: of.initial,
    finalTrialSeconds: of.final,
    durationSumSeconds: of.sum,
    lossRatio: 0,
    exceedRatio: of.exceed,
    width: of.width,
  };
}
