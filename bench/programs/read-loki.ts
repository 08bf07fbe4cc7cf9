import { Redactor } from "../../src/base/redact.ts";
import { check } from "../../src/judge/check.ts";
import { readLedger } from "../../src/load/ledger.ts";
import { LokiClient } from "../../src/sinks/loki/loki-client.ts";
import { LokiReading } from "../../src/sinks/loki/loki-reading.ts";
import { readOnce } from "../../src/sinks/read-back.ts";
import { Journal } from "../../src/store/journal.ts";
import { RunFolder } from "../../src/store/run-folder.ts";

/** `read-loki.ts URL LEDGER`: reads every line of a ledger back from Loki and checks it, as a run does, and prints the counts. */
const [url, path] = process.argv.slice(2) as [string, string];
const ledger = await readLedger(path);
const { signal } = new AbortController();
const client = new LokiClient({
  baseUrl: async () => url,
  signal: () => signal,
  timeoutMs: 60_000,
  retries: 2,
});
const sink = new LokiReading({ client, ingesters: [], selector: '{job="bench"}', wait: async () => {} });
const folder = await RunFolder.create(".", "read-loki");
const journal = new Journal(folder.file("journal.ndjson"), new Redactor(), () => {});
const { observation } = await readOnce({ sink, ledger, folder, journal }, "before-flush");
process.stdout.write(`${JSON.stringify(check(ledger, observation).counts)}\n`);
