import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ledger, readLedger } from "../src/load/ledger.ts";
import { nominalMs } from "../src/load/line-clock.ts";
import { grouped } from "../src/report/describe.ts";
import type { Benchmark, BenchmarkOptions, Row, Side } from "./benchmark.ts";
import { freePort, startContainer, withPrograms } from "./container.ts";
import { measured } from "./measure.ts";
import { countedLines, readEachOnce } from "./proofs.ts";
import { type Contender, sideBySide, timesAsFast } from "./side-by-side.ts";

const image = "everyline/loki:3.6.4";
const sources = 4;
const compared = 1_000_000;
/** Memory must not grow with the number of lines. */
const memorySizes = [200_000, 3_000_000];
const mostMegabytes = 400;
/** How many lines Loki answers at once by default, with some room for those that a page begins with. */
const linesPerPage = 4_900;
const pageLimit = 5_000;
const workers = 4;

/** Reading back from Loki, every byte compared and every line stored, beside what exports the same lines. */
export const readLokiSpeed: Benchmark = {
  name: "read-loki",
  question: "How fast is every line read back from Loki and compared with what was written?",
  async run(options) {
    await withPrograms(options.folder);
    const rows = await compare(options);
    for (const lines of memorySizes) rows.push(await memoryOf(lines, options));
    return rows;
  },
};

async function compare(options: BenchmarkOptions): Promise<Row[]> {
  const lines = Math.ceil(compared * options.scale);
  await using filled = await filledLoki(lines, options);
  const { url, ledger } = filled;
  await writeFile(join(options.folder, "urls"), urlsOf(url, ledger));
  const [subject, plain, parallel, sent] = await sideBySide(
    [reading(url, lines), logcli(url, ledger, ""), logcli(url, ledger, parallelFlags(ledger)), sending],
    options,
  );
  const side = subject as Side;
  const row = {
    input: `${grouped(lines)} lines in ${sources} streams`,
    repeats: options.repeats,
    subject: side,
  };
  return [
    {
      ...row,
      what: "lines of Loki read back and checked, against `logcli` and `sort`",
      peer: plain!,
      figure: { value: timesAsFast(side, plain!), unit: "times as fast", wanted: { atLeast: 5 } },
    },
    {
      ...row,
      what: "the same, against `logcli` with four workers and `sort`",
      peer: parallel!,
      figure: { value: timesAsFast(side, parallel!), unit: "times as fast", wanted: { atLeast: 2 } },
    },
    {
      ...row,
      what: "the same, against Loki sending the bytes to `curl`, which keeps none",
      peer: sent!,
      figure: {
        value: "missing" in sent! ? undefined : side.seconds / sent!.seconds,
        unit: "times as long",
        wanted: { atMost: 1.5 },
      },
    },
    memoryRow(lines, side, options.repeats),
  ];
}

async function memoryOf(fullLines: number, options: BenchmarkOptions): Promise<Row> {
  const lines = Math.ceil(fullLines * options.scale);
  await using filled = await filledLoki(lines, options);
  const [side] = await sideBySide([reading(filled.url, lines)], { ...options, repeats: 1 });
  return memoryRow(lines, side as Side, 1);
}

function memoryRow(lines: number, subject: Side, repeats: number): Row {
  return {
    what: "memory for lines read back from Loki",
    input: `${grouped(lines)} lines`,
    repeats,
    subject,
    figure: { value: (subject.peakBytes ?? 0) / 1e6, unit: "MB", wanted: { atMost: mostMegabytes } },
  };
}

/** A Loki that holds lines whose ledger is in `lines/` of the folder. */
async function filledLoki(lines: number, { folder, tell }: BenchmarkOptions) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(import.meta.dirname, "loki.yaml");
  const container = await startContainer(folder, {
    image,
    options: `--user 0 --publish 127.0.0.1:${port}:3100 --volume ${config}:/etc/loki.yaml:ro`,
    args: "-config.file=/etc/loki.yaml",
    probe: () => `curl --fail ${url}/loki/api/v1/labels`,
  });
  tell(`pushing ${grouped(lines)} lines into ${image}`);
  await measured(
    `rm -rf lines && everyline generate --lines ${lines} --sources ${sources} --seed bench --until now --out lines && rm lines/*.log`,
    folder,
  );
  await measured(`with-node node programs/fill-loki.ts ${url} lines/ledger.json`, folder);
  const ledger = await readLedger(join(folder, "lines/ledger.json"));
  return { url, ledger, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() };
}

function reading(url: string, lines: number): Contender {
  return {
    command: `with-node node programs/read-loki.ts ${url} lines/ledger.json`,
    prove: readEachOnce(lines),
  };
}

function logcli(url: string, ledger: Ledger, flags: string): Contender {
  const [from, to] = timesOf(ledger).map((ms) => new Date(ms).toISOString());
  const lines = ledger.sources.reduce((sum, { written }) => sum + written, 0);
  return {
    command: `rm -rf parts && mkdir parts && logcli --addr ${url} query '{job="bench"}' --from ${from} --to ${to} --limit 0 --batch ${pageLimit} --forward --output raw --quiet ${flags}| LC_ALL=C sort -u | wc -l`,
    needs: ["logcli"],
    prove: countedLines(lines, "logcli"),
  };
}

/** The fastest that was found: pieces of about a page of each stream, one worker for each of Loki's. */
function parallelFlags(ledger: Ledger): string {
  const [fromMs, toMs] = timesOf(ledger) as [number, number];
  const pages = Math.max(1, ledger.sources[0]!.written / linesPerPage);
  const durationMs = Math.ceil((toMs - fromMs) / pages);
  return `--parallel-duration ${durationMs}ms --parallel-max-workers ${workers} --part-path-prefix parts/p --merge-parts `;
}

/** What Loki sends is the same as to the reader, page by page, and nothing else is done with it. */
const sending: Contender = {
  command: `curl --silent --fail --parallel --parallel-max ${workers} --header 'Accept: application/vnd.google.protobuf' --header 'X-Loki-Response-Encoding-Flags: categorize-labels' --config urls`,
  needs: ["curl"],
};

function urlsOf(url: string, ledger: Ledger): string {
  const [fromMs, toMs] = timesOf(ledger) as [number, number];
  return ledger.sources
    .flatMap(({ source, written }) => {
      const pages = Math.ceil(written / linesPerPage);
      const borderNs = (page: number) =>
        BigInt(fromMs) * 1_000_000n + (BigInt(toMs - fromMs) * 1_000_000n * BigInt(page)) / BigInt(pages);
      return Array.from({ length: pages }, (_, page) => {
        const parameters = new URLSearchParams({
          query: `{job="bench", source="${source}"} | drop detected_level`,
          start: `${borderNs(page)}`,
          end: `${borderNs(page + 1)}`,
          limit: `${pageLimit}`,
          direction: "forward",
        });
        return `url = "${url}/loki/api/v1/query_range?${parameters}"\noutput = "/dev/null"\n`;
      });
    })
    .join("");
}

/** Whole milliseconds before the first line and behind the last one. */
function timesOf({ clock, sources }: Ledger): [fromMs: number, toMs: number] {
  const last = Math.max(...sources.map(({ written }) => nominalMs(clock, written)));
  return [Math.floor(nominalMs(clock, 1)), Math.ceil(last) + 1];
}
