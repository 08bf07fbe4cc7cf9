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
  const { scenario, pipeline, seed } = request.plan;
  journal.add("run-started", { scenario, pipeline, seed });
  await writePlan(outputs, request.plan);
  const setup = setUp(request, context, outputs);
  const progress = new RunProgress(context, setup.loadPlan.lines);
  const scope = new AsyncDisposableStack();
  try {
    const executed = await execute(setup, progress, scope);
    progress.enter("down");
    await scope.disposeAsync();
    executed.recorded.seconds.total = (Date.now() - startedAtMs) / 1_000;
    return await conclusionOf(outputs, executed);
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

/** Stores what a run observed, and judges it as it is stored: whoever judges it again comes to the same. */
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
  // What an observer failed with may quote an address that holds a password.
  const timeline = redactor.deep(timelineOf({ observed, measured, document, plan }));
  await folder.writeText("timeline.json", `${JSON.stringify(timeline)}\n`);
  await folder.writeJson("run.json", document);
  return document;
}
