import { UsageError } from "../base/errors.ts";
import { kindOf } from "../faults/registry.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Claim } from "./claim.ts";
import { claims } from "./claims/table.ts";
import { casesOf, findRuns, type RunnableScenario, type Scenario } from "./scenario.ts";

/** Instead of a pipeline's name: every pipeline that a scenario has a claim for. */
export const eachPipeline = "each";

/** A scenario and the claim that it tests. */
export interface Planned {
  scenario: RunnableScenario;
  claim: Claim;
}

/**
 * Decides which scenarios run against which claims, in the order of the guarantees table. All cases of a scenario run on the same pipeline,
 * or on each of them. Cases without a claim for a pipeline are left out there.
 */
export function chooseRuns(
  scenarios: Scenario[],
  names: string[],
  pipelineName: string | undefined,
): Planned[] {
  const wanted = wantedRuns(scenarios, names, pipelineName !== undefined);
  const planned = [...Map.groupBy(new Set(wanted), ({ scenario }) => scenario)].flatMap(([, cases]) => {
    const names = cases.map(({ name }) => name);
    const known = claims.filter(({ scenario }) => names.includes(scenario)).map(({ pipeline }) => pipeline);
    const wanted = pipelineName === eachPipeline ? known : [pipelineName ?? known[0]];
    return cases.flatMap((scenario) =>
      claims
        .filter((claim) => claim.scenario === scenario.name && wanted.includes(claim.pipeline))
        .map((claim) => ({ scenario, claim })),
    );
  });
  if (planned.length === 0) throw noClaim(names, pipelineName);
  return planned.sort((one, other) => claims.indexOf(one.claim) - claims.indexOf(other.claim));
}

/**
 * Finds the scenarios that names ask for. `all` means the promises of the reference architecture: it leaves out known bugs and alert drills, and also the
 * self-tests of Everyline unless a pipeline is named.
 */
export function wantedRuns(
  scenarios: Scenario[],
  names: string[],
  isPipelineNamed: boolean,
): RunnableScenario[] {
  if (!names.includes("all")) return names.flatMap((name) => findRuns(scenarios, name));
  return scenarios
    .filter(
      ({ bug, isAlertDrill, isSelfTest }) =>
        bug === undefined && !isAlertDrill && (isPipelineNamed || !isSelfTest),
    )
    .flatMap(casesOf);
}

/** Why the faults of a scenario are not possible on a pipeline in its layout; undefined if they are. */
export function unsupportedReason(pipeline: Pipeline, { faults }: RunnableScenario): string | undefined {
  return faults
    .map((fault) => kindOf(fault).unsupportedReason(fault, pipeline))
    .find((reason) => reason !== undefined);
}

function noClaim(names: string[], pipelineName: string | undefined): UsageError {
  const known = [...new Set(claims.map(({ pipeline }) => pipeline))];
  if (pipelineName !== undefined && !known.includes(pipelineName)) {
    return new UsageError(`there is no pipeline "${pipelineName}"; the pipelines are: ${known.join(", ")}.`);
  }
  return new UsageError(
    `nothing is claimed of ${names.join(", ")} on the pipeline ${pipelineName}; \`everyline list\` shows the claims of each.`,
  );
}
