import { expect, it } from "vitest";
import { runWith } from "../../../test/support/reported-run.ts";
import type { Reason } from "../../judge/reasons.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { describeReason } from "./reason-words.ts";

const fault: RunDocument["faults"][number] = {
  kind: "kill",
  target: "sink",
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: "2026-01-02T03:04:07.000Z",
  effective: false,
  evidence: [{ code: "told", text: "it failed: no such container." }],
  held: null,
  shipperGivesUp: null,
};
const run = runWith({ faults: [fault] });
const unsettled = { code: "not-settled", waitedMs: 61_000, silentMs: 9_000, isUnderWay: false } as const;

it.each<[Reason, string]>([
  [{ code: "lost", lines: 1, written: 100, most: 0 }, "1 of 100 lines were lost; none may be."],
  [{ code: "lost", lines: 3, written: 100, most: 2 }, "3 of 100 lines were lost; at most 2 may be."],
  [
    { code: "lost-window", seconds: 10, below: 10 },
    "Lines written over 10.0 s were lost; only a window below 10 s may be.",
  ],
  [
    { code: "lost-window", seconds: null, below: 10 },
    "Lines written over an unknown time were lost; only a window below 10 s may be.",
  ],
  // Rounded down, so that a line that is slightly too young does not read as old enough.
  [
    { code: "lost-young", ageSeconds: 604_799.9, atLeast: 604_800 },
    "A line that was 6 d 23 h 59 min 59 s old when the outage ended was lost; only lines older than 7 d may be.",
  ],
  [
    { code: "lost-young", ageSeconds: null, atLeast: 600 },
    "A line of unknown age when the outage ended was lost; only lines older than 10 min may be.",
  ],
  [
    { code: "recovery-point", seconds: 1, below: 1 },
    "Acknowledged lines written over 1.00 s were missing in the second site; only a window below 1 s may be.",
  ],
  [
    { code: "recovery-time", seconds: 75.04, most: 60 },
    "The last line written during a fault was readable 75.0 s after the last fault; within 60 s was promised.",
  ],
  [
    { code: "recovery-at-most", seconds: 61.26, most: 60 },
    "The last line written during a fault was seen 61.3 s after the last fault, where 60 s are promised; it may have been readable in time, because a look at the sink may take that long.",
  ],
  [
    { code: "recovery-unmeasured", lines: null },
    "No line that was written during a fault was seen to arrive, so that it is not known how long recovery took.",
  ],
  [
    { code: "recovery-unmeasured", lines: 2 },
    "2 lines that were written during a fault came back, but were not seen to arrive, so that it is not known how long recovery took.",
  ],
  [{ code: "duplicated", copies: 3, most: 2 }, "3 surplus copies came back; at most 2 may."],
  [{ code: "damaged", damage: "merged", lines: 1 }, "1 lines came back merged; none may."],
  [
    { code: "not-read", problem: { code: "still-flushing", sink: "victorialogs", afterSeconds: 15 } },
    "Not everything could be read back. VictoriaLogs was still flushing after 15 s.",
  ],
  [
    {
      code: "read-again",
      reading: "before-flush",
      problem: { code: "counted-unanswered", sink: "victorialogs", lines: 3 },
    },
    "Everything was read again, since what came did not add up: VictoriaLogs counts 3 lines that it did not answer.",
  ],
  [
    {
      code: "reading-set-aside",
      reading: "before-flush",
      problem: { code: "counted-unanswered", sink: "victorialogs", lines: 3 },
    },
    "Before VictoriaLogs wrote its memory to its store, its answers contradicted its counts each time it was read, so only the reading after " +
      "that counts, which shows what is lost and cannot show that nothing else went wrong: VictoriaLogs counts 3 lines that it did not answer.",
  ],
  [
    { code: "some-lines-differ", lines: 1 },
    "VictoriaLogs answered 1 line in one reading and not in the other; only lines that both readings lack are called lost.",
  ],
  [
    { code: "readings-differ", delivered: [30, 29] },
    "VictoriaLogs delivered 30, then 29 lines when it was read again.",
  ],
  [
    { code: "readings-differ", delivered: [29, 29] },
    "VictoriaLogs delivered 29 lines each time it was read, but not the same ones.",
  ],
  [{ code: "beyond-kafka", lines: 1 }, "1 lines were read from VictoriaLogs that were not read from Kafka."],
  [
    { code: "unread-again", lines: 2, first: { source: "a", sequence: 2, atMs: 1_800_000_015_000 } },
    "2 lines could be read while the run went on, and not when it was over, though VictoriaLogs was not restarted in between; " +
      "the first is a line 2 at 2027-01-15T08:00:15.000Z. It is not known whether they are lost.",
  ],
  [
    { code: "recovery-point-at-most", seconds: 1.1 },
    "The recovery point is known to be at most 1.10 s only: it is not known which lines were acknowledged.",
  ],
  [
    { code: "fault-ineffective", fault: 0 },
    "The fault kill sink did not take effect: it failed: no such container.",
  ],
  [{ code: "fault-without-lines", fault: 0 }, "No line was written while kill sink held."],
  [
    { code: "file-shortened", file: "observed-after-flush.jsonl", lines: 9, written: 10 },
    "observed-after-flush.jsonl holds 9 lines, but the run wrote 10 into it.",
  ],
  [
    { code: "clock-skew", skewMs: -61_000 },
    "Lines carry times in VictoriaLogs that are about 61 s behind this machine's clock.",
  ],
  [{ code: "told", text: "As it was." }, "As it was."],
])("tells %j in a sentence", (reason, sentence) => {
  expect(describeReason(reason, run)).toBe(sentence);
});

it("tells at the end of the wait what was still on its way", () => {
  const describe = (changes: object) => describeReason({ ...unsettled, ...changes }, run);
  expect(describe({ silentMs: 0 })).toContain("lines were still arriving, the last one 0.0 s before");
  expect(describe({ isUnderWay: true })).toContain("lines were still on their way, by what the shipper");
  expect(describe({})).toContain(
    "none had come for 9 s, and the shipper may be silent for longer before its next try: those",
  );
});
