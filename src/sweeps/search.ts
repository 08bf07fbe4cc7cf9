/** What one run of a length showed: no line was lost, some were, or neither is known. */
export type Outcome = "held" | "lost" | "unknown";

/** The runs of one length. */
export interface LengthTried {
  /** In whole seconds. */
  seconds: number;
  /** In the order of the runs. */
  outcomes: readonly Outcome[];
}

/** What to look for. */
export interface SearchWanted {
  /** The range, in whole seconds. */
  shortestSeconds: number;
  longestSeconds: number;
  /** A length that is claimed to lose nothing, tried as it is if it is in the range; undefined if there is none. */
  claimedSeconds?: number | undefined;
  /** The search ends when the bounds are at most this share apart, such as 0.1. */
  width: number;
  /** How many runs of each length decide. */
  runs: number;
}

/** What the lengths that were tried say. */
export interface FoundBounds {
  /** The longest length without loss that is shorter than every length with loss, in seconds; null if there is none. */
  heldSeconds: number | null;
  /** The shortest length with loss, in seconds; null if no line was lost. */
  lostSeconds: number | null;
  /** Lengths without loss that are longer than one with loss: a race. Nothing is concluded from them. */
  inversions: number[];
  /** Lengths of which some runs lost lines and others did not. */
  mixed: number[];
  /** Lengths whose runs did not decide. They move no bound. */
  undecided: number[];
}

/** How often the runs of a length are repeated in all, if they decide nothing. */
const mostRepeats = 2;

/** What all runs of a length say together: one loss is a loss, and `held` takes as many runs as are wanted. */
export function outcomeOf(outcomes: readonly Outcome[], runs: number): Outcome {
  if (outcomes.includes("lost")) return "lost";
  return outcomes.filter((outcome) => outcome === "held").length >= runs ? "held" : "unknown";
}

/** Whether a length needs another run: until so many have decided, or too many have not. */
export function needsAnother(outcomes: readonly Outcome[], runs: number): boolean {
  const decided = outcomes.filter((outcome) => outcome !== "unknown").length;
  return decided < runs && outcomes.length < runs + mostRepeats;
}

/** What the lengths that were tried say. */
export function boundsOf(tried: readonly LengthTried[], runs: number): FoundBounds {
  const lengths = (wanted: Outcome) =>
    tried
      .filter(({ outcomes }) => outcomeOf(outcomes, runs) === wanted)
      .map(({ seconds }) => seconds)
      .sort((one, other) => one - other);
  const held = lengths("held");
  const lostSeconds = lengths("lost").at(0) ?? null;
  const isBelow = (seconds: number) => lostSeconds === null || seconds < lostSeconds;
  return {
    heldSeconds: held.findLast(isBelow) ?? null,
    lostSeconds,
    inversions: held.filter((seconds) => !isBelow(seconds)),
    mixed: tried
      .filter(({ outcomes }) => outcomes.includes("lost") && outcomes.includes("held"))
      .map(({ seconds }) => seconds)
      .sort((one, other) => one - other),
    undecided: lengths("unknown"),
  };
}

/**
 * The length to try next: first both ends of the range, then the claimed length, then the geometric middle between the bounds. A length
 * that decided nothing splits what is between the bounds, and the wider part is tried.
 *
 * @returns whole seconds; undefined if the bounds are found, as far as they can be
 */
export function nextLength(tried: readonly LengthTried[], wanted: SearchWanted): number | undefined {
  const { shortestSeconds, longestSeconds, claimedSeconds, width, runs } = wanted;
  const isTried = (length: number) => tried.some(({ seconds }) => seconds === length);
  const { heldSeconds, lostSeconds, undecided } = boundsOf(tried, runs);
  if (!isTried(shortestSeconds)) return shortestSeconds;
  if (lostSeconds === shortestSeconds) return undefined;
  if (!isTried(longestSeconds)) return longestSeconds;
  if (heldSeconds === longestSeconds) return undefined;
  const from = heldSeconds ?? shortestSeconds;
  const to = lostSeconds ?? longestSeconds;
  if (
    claimedSeconds !== undefined &&
    from < claimedSeconds &&
    claimedSeconds < to &&
    !isTried(claimedSeconds)
  )
    return claimedSeconds;
  const points = [from, ...undecided.filter((seconds) => from < seconds && seconds < to), to];
  const [widest] = points
    .slice(1)
    .map((point, index) => ({ from: points[index]!, to: point }))
    .sort((one, other) => other.to / other.from - one.to / one.from);
  if (widest === undefined || widest.to <= widest.from * (1 + width)) return undefined;
  const middle = Math.round(Math.sqrt(widest.from * widest.to));
  return isTried(middle) ? undefined : middle;
}
