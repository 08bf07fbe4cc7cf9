import { describeDuration } from "../base/duration.ts";
import { describeSeconds, grouped } from "../report/describe.ts";
import { measurementOf } from "../report/measurement-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { LinesSweep, OutageSweep, SweepDocument } from "./sweep-document.ts";

/** What a sweep measured, as a line of a history; undefined for one that has not come to an end. */
export function sweepMeasurement(sweep: SweepDocument): Measurement | undefined {
  const { sweepId, finishedAt, pipeline, claim, verdict, images, machine } = sweep;
  if (finishedAt === null) return undefined;
  const within = sweep.of === "outage" ? "at least" : "within";
  return measurementOf(
    {
      ...{ id: sweepId, at: finishedAt, pipeline, verdict },
      quantity: sweep.of === "outage" ? "outage" : "backlog",
      claimed: claim === null ? null : `${within} ${describeDuration(claim.seconds)}`,
      measured: sweep.of === "outage" ? boundWords(sweep) : backlogWords(sweep),
    },
    { images, machine },
  );
}

function boundWords({ bounds }: OutageSweep): string {
  const { heldSeconds: held, lostSeconds: lost } = bounds;
  return [
    held === null ? "no length without loss" : `${describeDuration(held)} without loss`,
    ...(lost === null ? [] : [`loss at ${describeDuration(lost)}`]),
  ].join(", ");
}

/** The fastest and the slowest of the sizes that came back. */
function backlogWords({ steps }: LinesSweep): string {
  const backlogs = steps.flatMap(({ runs }) => runs.flatMap(({ backlog }) => backlog ?? []));
  const drained = backlogs.filter(({ recoverySeconds }) => recoverySeconds !== null);
  const ends = [drained.at(0), ...(drained.length > 1 ? [drained.at(-1)] : [])];
  const words = ends.flatMap((end) =>
    end === undefined ? [] : [`${grouped(end.lines)} lines in ${describeSeconds(end.recoverySeconds)}`],
  );
  return words.length === 0 ? "nothing came back" : words.join(", ");
}
