import { messageOf } from "../base/errors.ts";
import { conclude, doubtsOf } from "../judge/conclude.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { timelineOf } from "../judge/timeline.ts";
import { forgetRun } from "../store/active-runs.ts";
import { type Executed, execute } from "./execute.ts";
import { openOutputs, type RunOutputs } from "./run-outputs.ts";
import { RunProgress } from "./run-progress.ts";
import type { RunContext, RunRequest } from "./run-request.ts";
import { setUp } from "./run-setup.ts";

/**
 * Carries out one run, from `up` to `down`, and writes its folder. Whatever happens, the containers are gone afterwards, unless
 * they are to be kept.
 *
 * @throws UnavailableError if the machine lacks something
 * @throws the signal's reason if it aborts
 */
export async function run(request: RunRequest, context: RunContext): Promise<RunDocument> {
  const startedAtMs = Date.now();
  const outputs = await openOutputs(request, context);
  const { journal } = outputs;
  const { scenario, pipeline, seed, repeatWith } = request;
  journal.add("run-started", { scenario: scenario.name, pipeline: pipeline.name, seed, repeatWith });
  const setup = setUp(request, context, outputs);
  const progress = new RunProgress(context, setup.loadPlan.lines);
  const scope = new AsyncDisposableStack();
  try {
    const executed = await execute(setup, progress, scope);
    progress.enter("down");
    await scope.disposeAsync();
    executed.measured.seconds.total = (Date.now() - startedAtMs) / 1_000;
    return await conclusionOf(request, outputs, executed);
  } catch (thrown) {
    const cause = context.signal.aborted ? context.signal.reason : thrown;
    try {
      progress.enter("down");
      await scope.disposeAsync();
      journal.add("run-failed", { message: messageOf(cause) });
    } catch (second) {
      // On a full disk not even the journal can be written; why the run failed matters more.
      const message = `cleaning up failed, run \`everyline clean\`: ${messageOf(second)}`;
      context.onEvent({ at: new Date().toISOString(), event: "cleanup-failed", text: message });
    }
    throw cause;
  } finally {
    // What is kept stays registered, without a process: `everyline clean` finds it.
    if (!request.keep) forgetRun(request.runId);
  }
}

/** Judges what a run found out, and writes that into its folder. */
async function conclusionOf(
  request: RunRequest,
  { folder, journal, redactor }: RunOutputs,
  { measured, samples }: Executed,
): Promise<RunDocument> {
  const document = redactor.deep(conclude(request, measured));
  // Before the document: without its doubts a run that was killed in between would be judged again as if it had none.
  journal.add("judged", { verdict: document.verdict, doubts: doubtsOf(measured) });
  const timeline = timelineOf({ samples, measured, document, pipeline: request.pipeline });
  await folder.writeText("timeline.json", `${JSON.stringify(timeline)}\n`);
  await folder.writeJson("run.json", document);
  return document;
}
