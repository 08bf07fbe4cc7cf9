import { parseDurationSeconds } from "../base/duration.ts";
import type { Breach } from "./reasons.ts";

/** The sentences about broken bounds in `everyline/run@1`, and the figures that they contain. */
const forms: [RegExp, (...words: string[]) => Breach][] = [
  [
    /^(\d+) of (\d+) lines were lost; (?:none|at most (\d+)) may be\.$/,
    (lines, written, most = "0") => ({
      code: "lost",
      lines: Number(lines),
      written: Number(written),
      most: Number(most),
    }),
  ],
  [
    /^Lines written over (\S+) s were lost; only a window below (\S+) s may be\.$/,
    (seconds, below) => ({ code: "lost-window", seconds: finite(Number(seconds)), below: Number(below) }),
  ],
  [
    /^A line that was (.+) old when the outage ended was lost; only older ones than (.+) may be\.$/,
    (age, bound) => ({ code: "lost-young", ageSeconds: secondsIn(age!), atLeast: secondsIn(bound!) ?? 0 }),
  ],
  [
    /^Acknowledged lines written over (\S+) s were missing in the second site; only a window below (\S+) s may be\.$/,
    (seconds, below) => ({ code: "recovery-point", seconds: Number(seconds), below: Number(below) }),
  ],
  [
    /^(\d+) surplus copies came back; (?:none|at most (\d+)) may\.$/,
    (copies, most = "0") => ({ code: "duplicated", copies: Number(copies), most: Number(most) }),
  ],
  [
    /^(\d+) lines came back (corrupted|truncated|merged|unexpected); none may\.$/,
    (lines, damage) => ({
      code: "damaged",
      damage: damage as Extract<Breach, { code: "damaged" }>["damage"],
      lines: Number(lines),
    }),
  ],
];

/**
 * The broken bound that a sentence of `everyline/run@1` is about; undefined if it is about something else. Only that form stored reasons as
 * sentences, and no document of today is parsed like this.
 */
export function breachTold(text: string): Breach | undefined {
  for (const [form, breachOf] of forms) {
    const words = form.exec(text)?.slice(1);
    if (words !== undefined) return breachOf(...words);
  }
  return undefined;
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}

function secondsIn(duration: string): number | null {
  try {
    return parseDurationSeconds(duration.replaceAll(" ", "").replace("min", "m"));
  } catch {
    return null;
  }
}
