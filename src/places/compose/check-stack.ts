import { messageOf, UsageError } from "../../base/errors.ts";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { wrongAddresses } from "./check-addresses.ts";
import { missingFiles } from "./check-files.ts";
import { type ComposeModel, readCompose } from "./compose-model.ts";
import { planOwnMounts, shipperChecks } from "./plan-own.ts";
import { SourceLines } from "./source-lines.ts";
import { describeProblem, type StackProblem } from "./stack-problem.ts";
import { describeShared, sharedSettings } from "./startable.ts";

/**
 * Everything in the files of a custom pipeline that stands in the way of a run, found without the engine.
 *
 * @param model of its Compose files
 */
export async function stackProblems(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  model: ComposeModel,
): Promise<StackProblem[]> {
  const { composeFiles, configFile, services } = deployment;
  const lines = await SourceLines.of(composeFiles, pipeline.folder);
  const config = await SourceLines.of([configFile], pipeline.folder);
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const { started } = services;
  const ofShipper = shipperChecks(pipeline, deployment, model).map(({ about, check }) =>
    refused(about === "source" ? config.at(["source"]) : lines.at(["services", shipper]), check),
  );
  return [
    ...unstartable(pipeline, model, started, lines),
    ...(await missingFiles(model, started, lines)),
    ...(await wrongAddresses({ pipeline, model, lines, config })),
    ...(await Promise.all(ofShipper)).flat(),
    ...(await refused(lines.at(["services"]), () => planOwnMounts(pipeline, deployment, model))),
  ];
}

/**
 * Refuses a custom pipeline with such problems, naming all of them.
 *
 * @throws UsageError
 */
export async function assertNoProblems(pipeline: Pipeline, deployment: OwnDeployment): Promise<void> {
  const model = await readCompose(deployment.composeFiles, pipeline.folder, deployment.envFiles);
  const problems = (await stackProblems(pipeline, deployment, model)).map(describeProblem);
  if (problems.length === 0) return;
  if (problems.length === 1) throw new UsageError(problems[0]!);
  throw new UsageError(
    `${problems.length} things stand in the way of a run:\n${problems.map((text) => `- ${text}`).join("\n")}`,
  );
}

function unstartable(
  pipeline: Pipeline,
  model: ComposeModel,
  started: readonly string[],
  lines: SourceLines,
): StackProblem[] {
  const parts = allPartsOf(pipeline);
  const reached = parts.flatMap(({ services, port }) => (port === undefined ? [] : Object.keys(services)));
  return sharedSettings(model, started, reached).map((shared) => ({
    at: lines.at(shared.path),
    text: describeShared(
      shared,
      parts.some(({ services }) => shared.service in services),
    ),
  }));
}

/** What a check refuses, as a problem. */
async function refused(at: string | undefined, check: () => Promise<unknown>): Promise<StackProblem[]> {
  try {
    await check();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    return [{ at, text: messageOf(thrown) }];
  }
}
