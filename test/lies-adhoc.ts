import { mkdtempSync } from "node:fs";
import { pause } from "../src/base/abortable-pause.ts";
import { Redactor } from "../src/base/redact.ts";
import { randomSeed } from "../src/load/seed.ts";
import { LokiClient } from "../src/sinks/loki/loki-client.ts";
import { LokiReading } from "../src/sinks/loki/loki-reading.ts";
import { readBack } from "../src/sinks/read-back.ts";
import { Journal } from "../src/store/journal.ts";
import { RunFolder } from "../src/store/run-folder.ts";
import { judgedReading } from "./support/judged-reading.ts";
import { putHistory } from "./support/known-history.ts";
import { all, counts, inReading, LokiFront, pages, type Lie } from "./support/loki-front.ts";
import { denied, lies, patientTimeoutMs, severalPages, withoutMiddle } from "./support/loki-lies.ts";
const loki = process.env.LOKI ?? "http://127.0.0.1:13100";
const { signal } = new AbortController();
const folderRoot = mkdtempSync("/tmp/readspeed/lies/");
const clientOf = (url: string, timeoutMs = patientTimeoutMs) => new LokiClient({ baseUrl: async () => url, signal: () => signal, timeoutMs, retries: 2 });
async function outcomeOf({ ledger, selector, bounds }: any, lie: Lie | undefined, { isFlushed = true, timeoutMs = patientTimeoutMs } = {}) {
  const front = lie && await LokiFront.before(loki, all(severalPages, lie));
  const folder = await RunFolder.create(folderRoot, `test-${randomSeed()}`);
  try {
    const sink = new LokiReading({ client: clientOf(front?.url ?? loki, timeoutMs), ingesters: isFlushed ? [clientOf(loki)] : [], selector, wait: (ms) => pause(ms, signal) });
    const journal = new Journal(folder.file("journal.ndjson"), new Redactor(), () => {});
    const { readings, failure } = await readBack({ sink, ledger, folder, journal }, signal);
    return judgedReading(ledger, bounds, readings, failure);
  } finally { front?.close(); }
}
const filter = process.argv[2];
let bad = 0;
for (const [name, harm, bounds] of [["harmed", { lost: [7, 8, 9, 1_250, 3_000], doubled: [1, 611, 612, 2_222] }, { lost: 0 }], ["whole", { lost: [], doubled: [] }, { lost: 0, duplicated: 0 }]] as any) {
  const history = await putHistory(loki, `${name}-${randomSeed()}`, harm, bounds);
  const { written, lost } = history.truth;
  const exact = { verdict: lost > 0 ? "broken" : "holds", ...history.truth, delivered: written - lost };
  const cases: [string, string, () => Lie | undefined, number?][] = [["direct", "exact", () => undefined], ["truth", "exact", () => (_, t) => t], ...lies,
    ["denied later", "lines when it was read again", () => inReading("later", denied(history))],
    ["blind", "does not count a line that it answered", () => all(pages(withoutMiddle), counts((c, { parameters }) => (parameters.get("query")!.includes("|~") ? 0 : c)))]];
  const queue = cases.filter(([what]) => filter === undefined || what.includes(filter));
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const [what, outcome, lie, timeoutMs] = one;
      if (name === "whole" && outcome === "does not count a line that it answered") continue;
      const found: any = await outcomeOf(history, lie(), timeoutMs === undefined ? {} : { timeoutMs });
      const flat = { verdict: found.verdict, ...found.counts };
      const ok = outcome === "exact" ? Object.entries(exact).every(([k, v]) => (flat as any)[k] === v) : found.verdict === "unknown" && found.reasons.join().includes(outcome);
      if (!ok) bad++;
      if (!ok || outcome === undefined) console.log(ok ? "ok" : "BAD", name, what, "| wanted", outcome, "| got", JSON.stringify(flat), found.reasons.join().slice(0, 300));
    }
  }));
  console.log(name, "done", bad);
}
