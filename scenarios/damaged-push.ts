import type { Load, Scenario } from "../src/plan/scenario.ts";

// Everyline put to the test instead of a pipeline: nothing is broken, but a proxy damages a share of the pushes, and says which lines.
const load: Load = { lines: 10_000, linesPerSecond: 5_000 };

function damaged(kinds: string, summary: string, share = 0.2) {
  return { summary, faults: [], variables: { DAMAGE_KINDS: kinds, DAMAGE_SHARE: `${share}` } };
}

export default {
  name: "damaged-push",
  load,
  isSelfTest: true,
  cases: {
    drop: damaged("drop", "A proxy acknowledges pushes and throws them away."),
    shorten: damaged("shorten", "A proxy acknowledges pushes and throws their last lines away."),
    duplicate: damaged("duplicate", "A proxy hands pushes on twice."),
    resend: damaged(
      "resend",
      "A proxy hands pushes on, answers 500, and takes them again when they are sent again.",
    ),
    reorder: damaged("reorder", "A proxy has neighbouring lines exchange their times."),
    delay: damaged("delay", "A proxy acknowledges pushes, and hands them on after later ones."),
    corrupt: damaged("corrupt", "A proxy changes a character of each line of a push."),
    truncate: damaged("truncate", "A proxy cuts each line of a push short."),
    merge: damaged("merge", "A proxy makes one line of every two of a push."),
    invent: damaged("invent", "A proxy adds lines that nobody wrote."),
    refuse: damaged("refuse", "A proxy refuses pushes with 429 three times before it takes them."),
    mixed: damaged(
      "drop,shorten,duplicate,resend,reorder,delay,corrupt,truncate,merge,invent,refuse",
      "A proxy does one of all these things, in turn, to half of the pushes.",
      0.5,
    ),
  },
} satisfies Scenario;
