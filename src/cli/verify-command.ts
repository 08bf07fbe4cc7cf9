import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes, UsageError } from "../base/errors.ts";
import { type BreachKind, breachesOf, breachKinds } from "../judge/breaches.ts";
import { joinLedgers } from "../judge/joined-ledgers.ts";
import { ObservedRuns } from "../judge/observed-runs.ts";
import { type Ledger, readLedger } from "../load/ledger.ts";
import type { LineCodec } from "../load/line.ts";
import { LineMatchers } from "../load/matcher/line-matchers.ts";
import type { LineRuns } from "../load/matcher/line-runs.ts";
import {
  assertReadable,
  BrokenExportError,
  type RunListener,
  readExport,
} from "../sinks/file/observed-lines.ts";
import { wantsColour } from "./kit/colour.ts";
import {
  type ReadFile,
  type Verification,
  verificationJson,
  verificationText,
} from "./kit/verification-output.ts";

/** What `--allow` takes. Order is only reported, so allowing it has no effect. */
const allowable = [...breachKinds, "reordered"] as const;

interface VerifyOptions {
  ledger: string[];
  allow?: ReadonlySet<string>;
  json?: boolean;
}

/** `everyline verify`: judges exported raw lines against a ledger; no containers. */
export function addVerifyCommand(program: Command): void {
  program
    .command("verify")
    .description("judge exported lines against a ledger; needs no containers")
    .argument(
      "<observed...>",
      "exports in any format of docs/verify-forms.md, read in this order; - is stdin",
    )
    .requiredOption(
      "--ledger <file>",
      "the ledger.json of what was written; once for each process that wrote",
      (path: string, before: string[] = []) => [...before, path],
    )
    .option(`--allow <kinds>`, `anomalies to accept, comma-separated: ${allowable.join(", ")}`, parseKinds)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline verify --ledger demo/ledger.json demo/app-1.log          one file
  everyline verify --ledger demo/ledger.json --allow duplicated -    stdin; what came twice is fine
  everyline verify --ledger demo/ledger.json export.jsonl --json     another form; a document for a program
  everyline verify --ledger a/ledger.json --ledger b/ledger.json a.log b.log    what several hosts wrote

Raw lines, logcli, query_range, Explore's JSON, CSV and txt, docker (compose) logs, kubectl, CRI, journalctl, kcat, Fluent Bit,
OTLP JSON and more are read, also within gzip; what is not is refused by name. docs/verify-forms.md lists them.`,
    )
    .action(verify);
}

function parseKinds(text: string, before: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const kinds = text.split(",").map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !allowable.some((name) => name === kind));
  if (unknown === undefined) return new Set([...before, ...kinds]);
  throw new UsageError(
    `--allow does not know ${JSON.stringify(unknown)}; choose from ${allowable.join(", ")}.`,
  );
}

async function verify(paths: string[], options: VerifyOptions): Promise<void> {
  const ledgers = await readLedgers(options.ledger);
  for (const path of paths) await assertReadable(path);
  const itself = options.ledger.find((ledger) => paths.some((path) => resolve(path) === resolve(ledger)));
  if (itself !== undefined) {
    throw new UsageError(
      `${itself} is the ledger itself; pass only files with the lines that came back, as in DIR/*.log.`,
    );
  }
  const verification = await verificationOf(ledgers, paths, options.allow ?? new Set());
  process.stdout.write(
    options.json
      ? verificationJson(verification)
      : verificationText(verification, { colour: wantsColour(process.stdout) }),
  );
  process.exitCode = exitCodes[verification.verdict];
}

/** The ledgers of the runs, one for each seed. */
async function readLedgers(paths: readonly string[]): Promise<Ledger[]> {
  const named = await Promise.all(paths.map(async (name) => ({ name, ledger: await readLedger(name) })));
  const joined = joinLedgers(named);
  if (!("conflict" in joined)) return joined;
  throw new UsageError(
    `expected ledgers of different lines: ${joined.conflict}. Pass each ledger once, and give each process that writes a seed of its own.`,
  );
}

async function verificationOf(
  ledgers: readonly Ledger[],
  paths: readonly string[],
  allowed: ReadonlySet<string>,
): Promise<Verification> {
  const observed = new ObservedRuns(ledgers);
  const seeds = ledgers.map(({ seed }) => seed);
  const read = { lines: 0, oversizedLines: 0 };
  const files: ReadFile[] = [];
  const runsOf = runListeners(observed);
  const codecFor = (head: Buffer) => observed.codecFor(head);
  try {
    for (const path of paths) {
      const file: ReadFile = { path, form: "", lines: 0, endsWithReturn: 0, beginsWithMark: 0 };
      const onLine = (text: string) => {
        const { kind } = observed.add(text);
        if (kind !== "corrupted") return;
        if (text.endsWith("\r")) file.endsWithReturn++;
        if (text.startsWith("\uFEFF")) file.beginsWithMark++;
      };
      const extent = await readExport(path, codecFor, onLine, runsOf);
      files.push({ ...file, form: extent.form, lines: extent.lines });
      read.lines += extent.lines;
      read.oversizedLines += extent.oversizedLines;
    }
  } catch (thrown) {
    if (thrown instanceof BrokenExportError)
      return { verdict: "unknown", reasons: [thrown.message], seeds, read, files };
    throw thrown;
  }
  const findings = observed.findings();
  const breaches = breachesOf(findings.counts, allowed);
  if (breaches.length > 0) {
    const reasons = breaches.map((kind) => reasonOf(kind, findings.counts[kind]));
    return { verdict: "broken", reasons, seeds, read, files, findings };
  }
  if (findings.counts.written === 0) {
    const reasons = ["the ledger says that no line was written"];
    return { verdict: "unknown", reasons, seeds, read, files, findings };
  }
  return { verdict: "holds", reasons: [], seeds, read, files, findings };
}

/** Who takes the intact lines of each run, made when they are first needed. */
function runListeners(observed: ObservedRuns): (codec: LineCodec) => RunListener | undefined {
  const listeners = new Map<LineCodec, RunListener | undefined>();
  return (codec) => {
    if (listeners.has(codec)) return listeners.get(codec);
    const observation = observed.observationOf(codec);
    const { matchable } = observation;
    const listener = matchable && {
      matchers: new LineMatchers(matchable),
      onRuns: (runs: LineRuns) => observation.addRuns(runs),
    };
    listeners.set(codec, listener);
    return listener;
  };
}

function reasonOf(kind: BreachKind, count: number): string {
  return `${count} ${count === 1 ? "line" : "lines"} ${kind}`;
}
