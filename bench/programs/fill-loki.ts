import { readLedger } from "../../src/load/ledger.ts";
import { codecFor } from "../../src/load/line.ts";
import { nominalTime } from "../../src/load/line-clock.ts";
import { LokiClient } from "../../src/sinks/loki/loki-client.ts";

/** `fill-loki.ts URL LEDGER`: pushes every line of a ledger into Loki, each source into a stream of its own, with the times of the lines. */
const [url, path] = process.argv.slice(2) as [string, string];
const ledger = await readLedger(path);
const codec = codecFor(ledger);
const linesPerPush = 10_000;

for (const { source, written } of ledger.sources) {
  for (let first = 1; first <= written; first += linesPerPush) {
    const values: [string, string][] = [];
    for (let sequence = first; sequence < first + linesPerPush && sequence <= written; sequence++) {
      const { seconds, nanoseconds } = nominalTime(ledger.clock, sequence);
      values.push([`${seconds}${`${nanoseconds}`.padStart(9, "0")}`, codec.encode(source, sequence)]);
    }
    const response = await fetch(`${url}/loki/api/v1/push`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ streams: [{ stream: { job: "bench", source }, values }] }),
    });
    if (response.status !== 204)
      throw new Error(`Loki answered ${response.status}: ${await response.text()}`);
  }
}
// So that nothing else goes on in Loki while it is read.
await new LokiClient({
  baseUrl: async () => url,
  signal: () => new AbortController().signal,
  timeoutMs: 120_000,
  retries: 0,
}).flush();
