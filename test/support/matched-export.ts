import { check, type Findings } from "../../src/judge/check.ts";
import { ExportObservation } from "../../src/judge/export-observation.ts";
import type { Sighting } from "../../src/judge/observation.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import { LineMatchers } from "../../src/load/matcher/line-matchers.ts";
import { type LineRuns, linesIn } from "../../src/load/matcher/line-runs.ts";
import { type ReadExport, readExportBytes } from "../../src/sinks/file/observed-lines.ts";

/** What a read export comes to, or the message of the error that refused it. */
export type Outcome =
  | {
      findings: Findings;
      read: ReadExport;
      kinds: Record<string, number>;
      /** How many lines were read as texts. */
      texts: number;
    }
  | { error: string };

/** How an export is read: every line as a text, or intact lines as runs, so many bytes at once. */
export type Reading = { readBytes: number | undefined; chunkBytes: number };

/** Reads exports of one run one after the other, and checks what was in them. */
export async function outcomeOf(ledger: Ledger, exports: readonly Buffer[], how: Reading): Promise<Outcome> {
  const observed = new ExportObservation(ledger);
  const { matchable } = observed;
  const kinds: Record<string, number> = {};
  const addKind = (kind: Sighting["kind"], count: number) => {
    // Which of its copies is the first is the same for a run.
    const name = kind === "again" ? "first" : kind;
    kinds[name] = (kinds[name] ?? 0) + count;
  };
  const runs =
    how.readBytes === undefined || matchable === undefined
      ? undefined
      : {
          matchers: new LineMatchers(matchable, how.readBytes),
          onRuns: (found: LineRuns) => {
            observed.addRuns(found);
            addKind("first", linesIn(found));
          },
        };
  let texts = 0;
  let read: ReadExport = { lines: 0, oversizedLines: 0, form: "" };
  try {
    for (const bytes of exports) {
      const onLine = (text: string) => {
        texts++;
        addKind(observed.add(text).kind, 1);
      };
      const one = await readExportBytes(
        chunksOf(bytes, how.chunkBytes),
        "export",
        observed.codec,
        { onLine },
        () => runs,
      );
      read = {
        lines: read.lines + one.lines,
        oversizedLines: read.oversizedLines + one.oversizedLines,
        form: `${read.form};${one.form}`,
      };
    }
  } catch (thrown) {
    return { error: String(thrown) };
  }
  return { findings: check(ledger, observed.best), read, kinds, texts };
}

async function* chunksOf(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += chunkBytes)
    yield bytes.subarray(start, start + chunkBytes);
}
