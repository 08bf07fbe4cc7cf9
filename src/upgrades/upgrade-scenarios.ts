import { capitalized } from "../base/capitalized.ts";
import { UsageError } from "../base/errors.ts";
import { isReference } from "../pipeline/image-overrides.ts";
import { type Part, type Pipeline, partsOf } from "../pipeline/pipeline.ts";
import type { Claim } from "../plan/claim.ts";
import type { Load, RunnableScenario, Scenario, ScheduledFault } from "../plan/scenario.ts";

const linesPerSecond = 100;
const minLines = 2_000;
/** Of the lines: those before this share are written to the store first, where Loki is upgraded; its log holds the others. */
const flushed = 0.15;
/** Of the lines: the way there begins at the first share, the way back at the second, and some are left behind it. */
const there = 0.3;
const back = 0.65;
/**
 * What replacing one container takes at the most on two busy cores, in seconds. One of several has to be ready among the others again before
 * the next is ended: five of a split Loki were replaced in 86 s.
 */
const secondsAlone = 5;
const secondsEach = 18;

/** One way to carry out an upgrade. */
interface UpgradeCase {
  name: string;
  how: string;
  isKilled: boolean;
}

const upgradeCases: UpgradeCase[] = [
  { name: "in-place", how: "stopped (SIGTERM)", isKilled: false },
  {
    name: "after-crash",
    how: "killed (SIGKILL), so that what it had in memory is in its write-ahead log alone",
    isKilled: true,
  },
];

/**
 * The runs that put an upgrade to the test, and the way back: containers are replaced while lines are written, one after the other. One
 * run in which they are stopped, so that each leaves its data in good order, and one in which they are killed. Pure.
 *
 * @param name an image of the catalogue, such as `loki`
 * @param to its version after the upgrade, or a whole reference
 * @throws UsageError if the pipeline runs no such image on the way of a line
 */
export function upgradeRuns(
  pipeline: Pipeline,
  name: string,
  to: string,
): { scenario: RunnableScenario; claim: Claim }[] {
  const found = partsOf(pipeline).find(({ part }) => part.image?.name === name);
  if (found === undefined) {
    const names = partsOf(pipeline).flatMap(({ part }) => part.image?.name ?? []);
    throw new UsageError(
      `the pipeline ${pipeline.name} has no image "${name}" on the way of its lines; it has: ${[...new Set(names)].join(", ")}.`,
    );
  }
  const { name: target, part } = found;
  const load = loadFor(part);
  const versions = `from ${part.image!.reference ?? part.image!.version} to ${to}`;
  const services = Object.keys(part.services);
  const which = services.length === 1 ? services[0]! : `${services.join(", ")}, one after the other,`;
  const scenario: Scenario = { name: "upgrade", load, cases: {} };
  for (const { name: caseName, how, isKilled } of upgradeCases) {
    const fault: ScheduledFault = { kind: "swap-image", target, image: to, isKilled, at: there, until: back };
    const summary = `${capitalized(which)} ${services.length === 1 ? "is" : "are"} upgraded ${versions} while lines are written, and back: ${how}, and replaced on the same volumes.`;
    const before: ScheduledFault[] =
      part === pipeline.sink && pipeline.sink.kind === "loki"
        ? [{ kind: "flush", target: "sink", at: flushed }]
        : [];
    scenario.cases[caseName] = { summary, faults: [...before, fault] };
  }
  return Object.entries(scenario.cases).map(([caseName, scenarioCase]) => {
    const runnable: RunnableScenario = { ...scenarioCase, name: `upgrade/${caseName}`, scenario };
    return { scenario: runnable, claim: claimOf(pipeline, runnable, name, to) };
  });
}

function claimOf(pipeline: Pipeline, { name, summary }: RunnableScenario, image: string, to: string): Claim {
  const what = isReference(to) ? to : `${image} ${to}`;
  return {
    id: `${pipeline.name}/${name}`,
    pipeline: pipeline.name,
    scenario: name,
    text: `${summary} No line is lost.`,
    source: `the question whether ${what} can be put in`,
    bounds: { lost: 0 },
    measured: { verdict: "unknown" },
  };
}

/** Long enough for all to be replaced within a share of the lines. */
function loadFor(part: Part): Load {
  const { length } = Object.keys(part.services);
  const each = length === 1 ? secondsAlone : secondsEach;
  const seconds = (length * each) / Math.min(back - there, 1 - back);
  return { lines: Math.max(minLines, Math.ceil(seconds) * linesPerSecond), linesPerSecond };
}
