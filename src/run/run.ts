import { messageOf } from "../base/errors.ts";
import { judgeRun } from "../judge/judge-run.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { timelineOf } from "../judge/timeline.ts";
import { forgetRun } from "../store/active-runs.ts";
import { readRecording, writeRecording } from "../store/stored-recording.ts";
import { execute } from "./execute.ts";
import type { Executed } from "./executed.ts";
import { openOutputs, type RunOutputs, writePlan } from "./run-outputs.ts";
import { RunProgress } from "./run-progress.ts";
import type { RunContext, RunRequest } from "./run-request.ts";
import { setUp } from "./run-setup.ts";

/**
 * Carries out one run, from `up` to `down`, and writes its folder. The containers are always removed afterwards, also after an error,
 * unless they are to be kept.
 *
 * @throws UnavailableError if the machine lacks something
 * @throws the signal's reason if it aborts
 */
export async function run(request: RunRequest, context: RunContext): Promise<RunDocument> {
  const startedAtMs = Date.now();
  const outputs = await openOutputs(request, context);
  const { journal } = outputs;
  const { scenario, pipeline, seed } = request.plan;
  journal.add("run-started", { scenario, pipeline, seed });
  await writePlan(outputs, request.plan);
  const setup = setUp(request, context, outputs);
  const progress = new RunProgress(context, setup.loadPlan.lines);
  const scope = new AsyncDisposableStack();
  try {
    const executed = await execute(setup, progress, scope);
    progress.enter("down");
    await cleanedUp(scope, context, outputs);
    executed.recorded.seconds.total = (Date.now() - startedAtMs) / 1_000;
    return await conclusionOf(outputs, executed);
  } catch (thrown) {
    const cause = context.signal.aborted ? context.signal.reason : thrown;
    try {
      progress.enter("down");
      await scope.disposeAsync();
      journal.add("run-failed", { message: messageOf(cause) });
    } catch (second) {
      // On a full disk the journal cannot be written either. The error that is thrown is the one that made the run fail.
      tellCleanupFailed(context, second);
    }
    throw cause;
  } finally {
    // A run whose containers are kept stays registered, so that `everyline clean` finds it.
    if (!request.keep) forgetRun(request.runId);
  }
}

/** Closes everything. All that is judged has been recorded by then, so that a container or network that is left costs no verdict. */
export async function cleanedUp(
  scope: AsyncDisposableStack,
  context: RunContext,
  { journal }: RunOutputs,
): Promise<void> {
  try {
    await scope.disposeAsync();
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    journal.add("cleanup-failed", { message: messageOf(thrown) });
    tellCleanupFailed(context, thrown);
  }
}

function tellCleanupFailed({ onEvent }: RunContext, thrown: unknown): void {
  const text = `cleaning up failed, run \`everyline clean\`: ${messageOf(thrown)}`;
  onEvent({ at: new Date().toISOString(), event: "cleanup-failed", text });
}

/** Stores the recording and judges it as it was stored, so that judging it again gives the same document. */
async function conclusionOf(
  { folder, journal, redactor }: RunOutputs,
  { recorded, arrivals, observed }: Executed,
): Promise<RunDocument> {
  await writeRecording(folder, recorded, arrivals, redactor);
  const { plan, recording } = await readRecording(folder.path);
  const document = judgeRun(plan, recording);
  journal.add("judged", { verdict: document.verdict });
  const { ledger, observations } = recording;
  const { faults } = recording.recorded;
  const measured = { ledger, arrivals: recording.arrivals, faults, observations };
  // The error message of a failed observer may contain an address with a password.
  const timeline = redactor.deep(timelineOf({ observed, measured, document, plan }));
  await folder.writeText("timeline.json", `${JSON.stringify(timeline)}\n`);
  await folder.writeJson("run.json", document);
  return document;
}
