import type { Command } from "commander";
import { exitCodes } from "../base/errors.ts";
import { type Place, placeLosses } from "../judge/place-losses.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { renderJson } from "../report/json.ts";
import { renderRun } from "../report/terminal.ts";
import { findStored } from "../store/run-reference.ts";
import { judgeStoredRun, type Rejudged } from "../store/stored-run.ts";
import { wantsColour } from "./kit/colour.ts";

/** `everyline check`: judges a stored run again without running anything. */
export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("judge a stored run again from its ledger and the lines that were read")
    .argument("<run>", "its folder, its id, or the beginning of its id")
    .option("--out <dir>", "where the reports are", "reports")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline check 20261124t212617                                     the run that began then, of the folder reports
  everyline check reports/20261124t212617-sink-restart-f719 --json    by its folder, for a program`,
    )
    .action(check);
}

interface CheckOptions {
  json?: boolean;
  out: string;
}

async function check(reference: string, { json, out }: CheckOptions): Promise<void> {
  const rejudged = await judgeStoredRun(await findStored(reference, { reportsFolder: out }));
  const document = documentOf(rejudged);
  if (document.verdict !== rejudged.stored.verdict) {
    process.stderr.write(
      `The stored verdict was ${rejudged.stored.verdict}; it is ${document.verdict} now.\n`,
    );
  }
  const colour = wantsColour(process.stdout);
  process.stdout.write(json ? renderJson([document]) : renderRun(document, { colour }));
  process.exitCode = exitCodes[document.verdict];
}

/** The stored document with the new findings. The place of a loss is kept, because it rests on counters of that time. */
function documentOf({ stored, findings, judgement }: Rejudged): RunDocument {
  const placeOf = (source: string, sequence: number): Place => {
    const range = stored.lost.find(
      (candidate) => candidate.source === source && candidate.from <= sequence && sequence <= candidate.to,
    );
    if (range === undefined) return { hop: "unknown" };
    return range.reason === undefined ? { hop: range.hop } : { hop: range.hop, reason: range.reason };
  };
  const lost = placeLosses(findings.lost, placeOf);
  return { ...stored, ...judgement, counts: findings.counts, lost, torn: findings.torn };
}
