import { capitalized } from "../../base/capitalized.ts";
import type { DeafPort, ProofFailure, ReadHint } from "../../judge/proof-failure.ts";
import type { SinkKind } from "../../pipeline/sink-kind.ts";
import type { MountDifference } from "../../places/mount-difference.ts";
import { refusalMeaning } from "../../products/refusal-meanings.ts";
import { sinkNameOf } from "./names.ts";
import { describeReadProblem, withoutFullStop } from "./read-problem-words.ts";

/** The part of a plan that names the sink. */
interface SinkOfRun {
  sink: string;
  /** `line`: the template of the lines. */
  load?: { line?: string | undefined } | undefined;
}

type Unreadable = Pick<Extract<ProofFailure, { code: "unreadable" }>, "problem" | "hint">;

/** Why a run ended before anything was broken, in sentences. */
export function describeProofFailure(failure: ProofFailure, plan: SinkOfRun): string {
  switch (failure.code) {
    case "told":
      return failure.text;
    case "gone":
      return ofContainer(failure, "is gone: something removed or replaced it");
    case "ended":
      return ofContainer(failure, `ended by itself ${describeEnd(failure)}`);
    case "crash-loop":
      return ofContainer(
        failure,
        `starts and ends again and again: ${failure.starts} times within ${failure.afterSeconds} s${failure.exitCode === null ? "" : `, the last time ${describeEnd(failure)}`}`,
      );
    case "not-ready":
      return ofContainer(failure, describeNotReady(failure));
    case "unreadable":
      return describeUnreadable(failure, plan);
    case "no-sentinel":
      return describeNoSentinel(failure, plan);
    case "lines-of-others":
      return (
        `Lines of other programs arrive in a stream of the run, where they cannot be distinguished from damaged lines: ${failure.stream} holds ` +
        `${failure.lines} of them, like ${JSON.stringify(failure.sample)}. No fault was injected. ${describeSeparation(failure, plan)}`
      );
  }
}

function describeEnd({
  exitCode,
  isOutOfMemory,
}: {
  exitCode: number | null;
  isOutOfMemory?: boolean | undefined;
}): string {
  const why = isOutOfMemory ? ", killed because its memory was used up" : "";
  return `with exit code ${exitCode}${why}`;
}

function describeNotReady({
  afterSeconds,
  answer,
  deaf,
}: Extract<ProofFailure, { code: "not-ready" }>): string {
  const answered = answer === undefined ? "" : `: asked for it, it ${answer}`;
  const port = deaf === undefined ? "" : `. ${describeDeaf(deaf)}`;
  return `was not ready within ${afterSeconds} s${answered}${withoutFullStop(port)}`;
}

/** That nothing listens where an instance is asked. */
function describeDeaf({ instance, port, listening }: DeafPort): string {
  if (listening.length === 0) return `Nothing listens at port ${port} of ${instance}, nor at any other.`;
  return `Nothing listens at port ${port} of ${instance}, only at ${listening.join(", ")}.`;
}

/** How lines of others are kept out of the streams of a run. */
function describeSeparation({ selector }: { selector: string }, { sink }: SinkOfRun): string {
  return sink === ("file" satisfies SinkKind)
    ? `Have the lines of the log files written to files of their own, and name those as file.path (${selector}).`
    : `Give the log files of ${sink}.selector (${selector}) labels that no other logs have, or name a narrower selector.`;
}

/** How a file that a container mounts differs from the user's, in a sentence. */
export function describeDifference(difference: MountDifference): string {
  switch (difference.code) {
    case "told":
      return difference.text;
    case "missing":
      return `The container of ${difference.service} does not have the user's file ${difference.path}, so what ran is not what the user has.`;
    case "another": {
      const { service, path, isWritten } = difference;
      const why = isWritten ? ": it has written it itself since it started" : "";
      return `The container of ${service} has another ${path} than the user${why}; what ran is not what the user has.`;
    }
    case "further":
      return `${difference.files} more files of containers differ from the user's.`;
  }
}

function ofContainer({ instance, lastWords }: { instance: string; lastWords: string }, what: string): string {
  return `The ${instance} container ${what}. Its last lines were: ${lastWords}`;
}

function describeNoSentinel(
  failure: Extract<ProofFailure, { code: "no-sentinel" }>,
  plan: SinkOfRun,
): string {
  const { unreadable, discarded, altered, afterSeconds } = failure;
  const known = [
    ...(unreadable === null ? [] : [describeUnreadable(unreadable, plan)]),
    ...(Object.keys(discarded).length === 0 ? [] : [describeDiscarded(discarded, plan)]),
    ...(altered === null
      ? []
      : [
          `Lines of the run do arrive in ${sinkNameOf(plan)}, but not byte for byte as they were written: ${JSON.stringify(altered)}. ${describeWhole(plan)}`,
        ]),
  ];
  return [...known, ofContainer(failure, `delivered no sentinel within ${afterSeconds} s`)].join(" ");
}

/** What has to be in a stored text, so that a line can be told from a damaged one. */
function describeWhole({ load }: SinkOfRun): string {
  return load?.line === undefined
    ? "If the pipeline takes lines apart on purpose, source.line says in which form your programs write them."
    : "Everyline's numbered line, {line}, has to be in what is stored, whole and once, and nothing around it that cannot be seen.";
}

function describeUnreadable({ problem, hint }: Unreadable, plan: SinkOfRun): string {
  const answer = withoutFullStop(describeReadProblem(problem));
  return `Nothing can be read from ${sinkNameOf(plan)}. ${answer}.${hint === null ? "" : ` ${describeHint(hint, plan)}`}`;
}

function describeDiscarded(discarded: Record<string, number>, plan: SinkOfRun): string {
  const reasons = Object.entries(discarded).map(([reason, lines]) => {
    const why = refusalMeaning(plan.sink, reason);
    return `${lines} lines for ${reason}${why === undefined ? "" : ` (${why})`}`;
  });
  return `${capitalized(sinkNameOf(plan))} has refused ${reasons.join(", and ")}.`;
}

function describeHint(hint: ReadHint, plan: SinkOfRun): string {
  switch (hint.code) {
    case "publish-port": {
      const { service, port, setting } = hint;
      return (
        `Publish port ${port} of ${service} on this machine, as \`ports: ["127.0.0.1::${port}"]\` in its Compose file, ` +
        `or name an address in ${setting} at which this machine reaches it.`
      );
    }
    case "set-tenant":
      return `This ${sinkNameOf(plan)} keeps tenants apart: set ${hint.setting} in ${hint.file} to the tenant that the shipper sends its lines for.`;
    case "set-credentials": {
      const [last, ...others] = hint.settings.toReversed();
      const settings = others.length === 0 ? last : `${others.toReversed().join(", ")} or ${last}`;
      return `Set ${settings} in ${hint.file} to those of somebody who may read.`;
    }
    case "set-address":
      return `${hint.setting} in ${hint.file} has to be the address of ${sinkNameOf(plan)}'s own API, with the path that a proxy puts before ${hint.apiPath}, if any.`;
  }
}
