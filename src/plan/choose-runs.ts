import { UsageError } from "../base/errors.ts";
import { kindOf } from "../faults/registry.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Claim } from "./claim.ts";
import { claims } from "./claims/table.ts";
import { casesOf, findRuns, type RunnableScenario, type Scenario } from "./scenario.ts";

/** As a pipeline's name: each that a scenario has a claim for. */
export const eachPipeline = "each";

/** A scenario and the claim that it tests. */
export interface Planned {
  scenario: RunnableScenario;
  claim: Claim;
}

/**
 * Which scenarios run against which claims, in the table's order. All cases of a scenario run on one pipeline, or on each; those that
 * it has no claim for are left out.
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

/** `all` is what the document promises: known bugs have to be named, and what proves Everyline itself by its pipeline at least. */
export function wantedRuns(
  scenarios: Scenario[],
  names: string[],
  isPipelineNamed: boolean,
): RunnableScenario[] {
  if (!names.includes("all")) return names.flatMap((name) => findRuns(scenarios, name));
  return scenarios
    .filter(({ bug, isSelfTest }) => bug === undefined && (isPipelineNamed || !isSelfTest))
    .flatMap(casesOf);
}

/** Why a pipeline in its layout cannot be broken as a scenario would; undefined if it can. */
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
