import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes, UsageError } from "../base/errors.ts";
import { type BreachKind, breachesOf, breachKinds } from "../judge/breaches.ts";
import { check } from "../judge/check.ts";
import { ExportObservation } from "../judge/export-observation.ts";
import { type Ledger, readLedger } from "../load/ledger.ts";
import { LineMatchers } from "../load/matcher/line-matchers.ts";
import { assertReadable, BrokenExportError, readExport } from "../sinks/file/observed-lines.ts";
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
  ledger: string;
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
    .requiredOption("--ledger <file>", "the ledger.json of what was written")
    .option(`--allow <kinds>`, `anomalies to accept, comma-separated: ${allowable.join(", ")}`, parseKinds)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline verify --ledger demo/ledger.json demo/app-1.log          one file
  everyline verify --ledger demo/ledger.json --allow duplicated -    stdin; what came twice is fine
  everyline verify --ledger demo/ledger.json export.jsonl --json     another form; a document for a program

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
  const ledger = await readLedger(options.ledger);
  for (const path of paths) await assertReadable(path);
  if (paths.some((path) => resolve(path) === resolve(options.ledger))) {
    throw new UsageError(
      `${options.ledger} is the ledger itself; pass only files with the lines that came back, as in DIR/*.log.`,
    );
  }
  const verification = await verificationOf(ledger, paths, options.allow ?? new Set());
  process.stdout.write(
    options.json
      ? verificationJson(verification)
      : verificationText(verification, { colour: wantsColour(process.stdout) }),
  );
  process.exitCode = exitCodes[verification.verdict];
}

async function verificationOf(
  ledger: Ledger,
  paths: string[],
  allowed: ReadonlySet<string>,
): Promise<Verification> {
  const observed = new ExportObservation(ledger);
  const { matchable } = observed;
  const runs = matchable && {
    matchers: new LineMatchers(matchable),
    onRun: (source: string, from: number, to: number) => observed.addRun(source, from, to),
  };
  const read = { lines: 0, oversizedLines: 0 };
  const files: ReadFile[] = [];
  try {
    for (const path of paths) {
      const file: ReadFile = { path, form: "", lines: 0, endsWithReturn: 0, beginsWithMark: 0 };
      const onLine = (text: string) => {
        const { kind } = observed.add(text);
        if (kind !== "corrupted") return;
        if (text.endsWith("\r")) file.endsWithReturn++;
        if (text.startsWith("\uFEFF")) file.beginsWithMark++;
      };
      const extent = await readExport(path, observed.codec, onLine, runs);
      files.push({ ...file, form: extent.form, lines: extent.lines });
      read.lines += extent.lines;
      read.oversizedLines += extent.oversizedLines;
    }
  } catch (thrown) {
    if (thrown instanceof BrokenExportError)
      return { verdict: "unknown", reasons: [thrown.message], ledger, read, files };
    throw thrown;
  }
  const findings = check(ledger, observed.best);
  const breaches = breachesOf(findings.counts, allowed);
  if (breaches.length > 0) {
    const reasons = breaches.map((kind) => reasonOf(kind, findings.counts[kind]));
    return { verdict: "broken", reasons, ledger, read, files, findings };
  }
  if (findings.counts.written === 0) {
    return {
      verdict: "unknown",
      reasons: ["the ledger says that no line was written"],
      ledger,
      read,
      files,
      findings,
    };
  }
  return { verdict: "holds", reasons: [], ledger, read, files, findings };
}

function reasonOf(kind: BreachKind, count: number): string {
  return `${count} ${count === 1 ? "line" : "lines"} ${kind}`;
}
