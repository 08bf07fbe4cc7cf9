import type { Load, Scenario } from "../src/plan/scenario.ts";

// Tests Everyline instead of a pipeline: no fault is injected, but a proxy damages a share of the pushes and records which lines.
const load: Load = { lines: 10_000, linesPerSecond: 5_000 };

const kinds = [
  "drop",
  "shorten",
  "duplicate",
  "resend",
  "reorder",
  "delay",
  "corrupt",
  "truncate",
  "merge",
  "invent",
  "refuse",
];

function damaged(kinds: string, summary: string, share = 0.2) {
  return { summary, faults: [], variables: { DAMAGE_KINDS: kinds, DAMAGE_SHARE: `${share}` } };
}

export default {
  name: "damaged-push",
  load,
  isSelfTest: true,
  cases: {
    drop: damaged("drop", "A proxy acknowledges pushes and discards them."),
    shorten: damaged("shorten", "A proxy acknowledges pushes and discards their last lines."),
    duplicate: damaged("duplicate", "A proxy forwards pushes twice."),
    resend: damaged(
      "resend",
      "A proxy forwards pushes but answers 500, and forwards them again when they are sent again.",
    ),
    reorder: damaged("reorder", "A proxy swaps the times of neighbouring lines."),
    delay: damaged("delay", "A proxy acknowledges pushes and forwards them after later ones."),
    corrupt: damaged("corrupt", "A proxy changes a character of each line of a push."),
    truncate: damaged("truncate", "A proxy cuts each line of a push short."),
    merge: damaged("merge", "A proxy merges every two lines of a push into one."),
    invent: damaged("invent", "A proxy adds lines that nobody wrote."),
    refuse: damaged("refuse", "A proxy refuses pushes with 429 three times before it accepts them."),
    "by-source": {
      ...damaged(
        kinds.map((kind, index) => `${kind}@app-${index + 1}`).join(","),
        "A proxy does one of all these things to each of eleven sources, to half of its pushes.",
        0.5,
      ),
      load: { lines: 1_500 * kinds.length, linesPerSecond: 5_000, sources: kinds.length },
    },
    mixed: damaged(kinds.join(","), "A proxy damages half of the pushes, in all of these ways in turn.", 0.5),
  },
} satisfies Scenario;
