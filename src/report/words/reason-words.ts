import { capitalized } from "../../base/capitalized.ts";
import { describeDuration } from "../../base/duration.ts";
import type { Reason } from "../../judge/reasons.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { countOf, describeSeconds } from "../describe.ts";
import { describeBlindSpot, missedWords } from "./alert-words.ts";
import { describeChange } from "./common-evidence-words.ts";
import { describeFaultEvidence } from "./evidence-words.ts";
import { sinkNameOf } from "./names.ts";
import { describeDifference, describeProofFailure } from "./proof-words.ts";
import { describeReadProblem, withoutFullStop } from "./read-problem-words.ts";

/** The parts of a run document to which reasons refer. */
type ReasonedRun = Pick<RunDocument, "faults" | "plan">;

type Words = {
  [Code in Reason["code"]]: (reason: Extract<Reason, { code: Code }>, run: ReasonedRun) => string;
};

/** If the last line arrived within this time, lines were still arriving, because a batch takes a second or two. */
const justNowMs = 5_000;

const breaches = {
  lost: ({ lines, written, most }) => `${lines} of ${written} lines were lost; ${atMost(most)} may be.`,
  "lost-window": ({ seconds, below }) =>
    `Lines written over ${seconds === null ? "an unknown time" : `${seconds.toFixed(1)} s`} were lost; only a window below ${below} s may be.`,
  // Rounded down, so that a line that is slightly too young is not shown as old enough.
  "lost-young": ({ ageSeconds, atLeast }) =>
    `A line ${ageSeconds === null ? "of unknown age" : `that was ${describeDuration(Math.floor(ageSeconds))} old`} when the outage ended was lost; ` +
    `only lines older than ${describeDuration(Math.floor(atLeast))} may be.`,
  "recovery-point": ({ seconds, below }) =>
    `Acknowledged lines written over ${seconds.toFixed(2)} s were missing in the second site; only a window below ${below} s may be.`,
  "recovery-time": ({ seconds, most }) =>
    `The last line written during a fault was readable ${seconds.toFixed(1)} s after the last fault; within ${most} s was promised.`,
  duplicated: ({ copies, most }) => `${copies} surplus copies came back; ${atMost(most)} may.`,
  damaged: ({ damage, lines }) => `${lines} lines came back ${damage}; none may.`,
  "silent-loss": ({ lines, rules }) =>
    `${lines} lines were lost, and none of the ${rules} alert rules fired after the first fault; one was expected to (--expect-alerts).`,
  "alert-missed": ({ alert, what, pendingSeconds }) =>
    `The alert ${alert} ${missedWords[what]}${pendingSeconds === null ? "" : `; it was pending for ${describeSeconds(pendingSeconds)}`}.`,
} satisfies Partial<Words>;

const readingDoubts = {
  "not-proven": ({ failure }, { plan }) => describeProofFailure(failure, plan),
  "other-file": ({ difference }) => describeDifference(difference),
  "observer-failed": ({ observer, message }) =>
    `The observer of ${observer} failed, so that not everything was seen: ${message}`,
  "not-read": ({ problem }) => `Not everything could be read back. ${describeReadProblem(problem)}`,
  "not-settled": describeUnsettled,
  "nothing-to-lose": (_, { plan }) =>
    `No line could be read yet when ${sinkNameOf(plan)} was killed, so it could not lose any; write more lines, with --lines or --rate.`,
  "stack-changed": ({ changes }) =>
    `Something else changed the stack: ${changes.map((change) => describeChange(change)).join(", ")}.`,
  "control-run": () => "The faults were disabled (--no-faults), so nothing was tested.",
  "unread-again": ({ lines, first }, { plan }) =>
    `${lines} lines could be read while the run went on, and not when it was over, though ${sinkNameOf(plan)} was not restarted in ` +
    `between; the first is ${first.source} line ${first.sequence} at ${new Date(first.atMs).toISOString()}. It is not known whether they are lost.`,
  "beyond-kafka": ({ lines }, { plan }) =>
    `${lines} lines were read from ${sinkNameOf(plan)} that were not read from Kafka.`,
  "readings-differ": ({ delivered }, { plan }) =>
    new Set(delivered).size > 1
      ? `${capitalized(sinkNameOf(plan))} delivered ${delivered.join(", then ")} lines when it was read again.`
      : `${capitalized(sinkNameOf(plan))} delivered ${delivered[0]} lines each time it was read, but not the same ones.`,
  "frame-varies": ({ lines, first }, { plan }) =>
    `${capitalized(sinkNameOf(plan))} stores something around each line that is not of the load, and it was different for ${lines} lines, as in ` +
    `${JSON.stringify(first)}: whether it is as it should be is not known. Let the pipeline store the line, or JSON with the line in a field.`,
  "file-shortened": ({ file, lines, written }) =>
    `${file} holds ${lines} lines, but the run wrote ${written} into it.`,
  "file-unreadable": ({ file, message }) => `${file} cannot be read: ${message}.`,
} satisfies Partial<Words>;

const reservations = {
  "some-lines-differ": ({ lines }, { plan }) =>
    `${capitalized(sinkNameOf(plan))} answered ${countOf(lines, "line")} in one reading and not in the other; only lines that both readings lack are called lost.`,
  "reading-set-aside": ({ problem }, { plan }) =>
    `Before ${sinkNameOf(plan)} wrote its memory to its store, its answers contradicted its counts each time it was read, so only the reading ` +
    `after that counts, which shows what is lost and cannot show that nothing else went wrong: ${describeReadProblem(problem)}`,
  "alerts-unobserved": ({ lines, first, pending }) =>
    `${lines} lines were lost, and no alert was seen to fire, but one may have been missed: ${describeMissed(first, pending)}.`,
  "alerts-undelivered": ({ alerts, first }) =>
    `Of ${countOf(alerts, "alert")} that fired after the first fault, Alertmanager delivered none while the run watched, so it is not known whether ` +
    `anybody would have been told${first === null ? "" : `: ${describeBlindSpot(first)}`}.`,
  "alert-unseen": ({ alert, first }) =>
    `The alert ${alert} was not seen to fire, be delivered and end, but that may have been missed: ${describeMissed(first, undefined)}.`,
} satisfies Partial<Words>;

const vacuities = {
  "recovery-point-unmeasured": () => "The recovery point could not be measured.",
  "recovery-point-at-most": ({ seconds }) =>
    `The recovery point is known to be at most ${seconds.toFixed(2)} s only: it is not known which lines were acknowledged.`,
  "recovery-unmeasured": ({ lines }) =>
    lines === null
      ? "No line that was written during a fault was seen to arrive, so that it is not known how long recovery took."
      : `${countOf(lines, "line")} that were written during a fault came back, but were not seen to arrive, so that it is not known how long recovery took.`,
  "recovery-at-most": ({ seconds, most }) =>
    `The last line written during a fault was seen ${seconds.toFixed(1)} s after the last fault, where ${most} s are promised; it may have been readable in time, because a look at the sink may take that long.`,
  "nothing-written": () => "No line was written.",
  "fault-ineffective": ({ fault }, { faults }) =>
    `The fault ${nameOf(faults[fault])} did not take effect: ${withoutFullStop(describeFaultEvidence(faults[fault]!))}.`,
  "fault-without-lines": ({ fault }, { faults }) =>
    `No line was written while ${nameOf(faults[fault])} held.`,
} satisfies Partial<Words>;

const remarks = {
  "files-unchecked": ({ files }) => `${files} files that containers mount were not compared with the user's.`,
  "not-started": ({ failure }, { plan }) => describeProofFailure(failure, plan),
  "streams-left-out": ({ streams, selector, first }) =>
    `${streams} streams that ${selector} matches hold no line of the run, and were left out; the first is ${first}.`,
  "not-flushed": ({ aheadMs }, { plan }) =>
    `${capitalized(sinkNameOf(plan))} was not told to write its chunks to the store, so both readings are of its memory: from its store it answers no line ` +
    `before its time has come, and the newest is ${Math.round(aheadMs / 1_000)} s ahead.`,
  "read-again": ({ problem }) =>
    `Everything was read again, since what came did not add up: ${describeReadProblem(problem)}`,
  "clock-skew": ({ skewMs }, { plan }) =>
    `Lines carry times in ${sinkNameOf(plan)} that are about ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} this machine's clock.`,
  "kafka-not-read": ({ problem }) => describeReadProblem(problem),
  "log-replayed": ({ replay }, { plan }) =>
    replay === null
      ? `${capitalized(sinkNameOf(plan))} did not say what it recovered from its write-ahead log (WAL): its /metrics did not answer.`
      : `${capitalized(sinkNameOf(plan))} says that it recovered ${replay.recoveredEntries} entries from its write-ahead log (${replay.metrics[0]}), ` +
        `and that ${replay.corruptions} corruptions were found (${replay.metrics[1]}).`,
} satisfies Partial<Words>;

const words: Words = {
  ...breaches,
  ...readingDoubts,
  ...reservations,
  ...vacuities,
  ...remarks,
  told: ({ text }) => text,
};

/** A reason for a verdict, in a sentence. */
export function describeReason(reason: Reason, run: ReasonedRun): string {
  const describe = words[reason.code] as (reason: Reason, run: ReasonedRun) => string;
  return describe(reason, run);
}

/** All reasons of a run, one sentence each. */
export function describeReasons(run: ReasonedRun & Pick<RunDocument, "reasons">): string[] {
  return run.reasons.map((reason) => describeReason(reason, run));
}

function describeUnsettled({
  waitedMs,
  silentMs,
  isUnderWay,
}: Extract<Reason, { code: "not-settled" }>): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(0)} s`;
  const none = `none had come for ${seconds(silentMs)}`;
  const state = isUnderWay
    ? `lines were still on their way, by what the shipper or the consumer counts, though ${none}`
    : silentMs < justNowMs
      ? `lines were still arriving, the last one ${(silentMs / 1_000).toFixed(1)} s before`
      : `${none}, and the shipper may be silent for longer before its next try`;
  return (
    `When the run stopped waiting, after ${seconds(waitedMs)}, ${state}: those that are missing are not known to be lost. ` +
    "`--settle DURATION` waits longer."
  );
}

function atMost(bound: number): string {
  return bound === 0 ? "none" : `at most ${bound}`;
}

function nameOf(fault: ReasonedRun["faults"][number] | undefined): string {
  return fault === undefined ? "of the schedule" : `${fault.kind} ${fault.target}`;
}

/** Why an alert may have been missed, as the end of a sentence. */
function describeMissed(
  first: Extract<Reason, { code: "alerts-unobserved" }>["first"],
  pending: string | undefined,
): string {
  if (first !== null) return describeBlindSpot(first);
  if (pending !== undefined) return `${pending} was still pending at the end and may have fired later`;
  return "the alert rules were never seen to be evaluated";
}
