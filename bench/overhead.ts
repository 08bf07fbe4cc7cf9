import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { median } from "../src/base/median.ts";
import { runDocumentSchema } from "../src/judge/run-document.ts";
import type { Benchmark, BenchmarkOptions, Figure, Row } from "./benchmark.ts";
import { type Measurement, measured } from "./measure.ts";

/** A pipeline, and how long a run on it may take beyond its load, in seconds. */
const pipelines = { direct: 8, kafka: 25 };
const reports = "reports";

/** The events of a run's journal that end a part of it, and what was done until then. */
const parts = {
  prepared: "plan, files and images",
  up: "start, until every container answers",
  proven: "discovery, until the first line of each source is readable",
  loaded: undefined,
  settled: "settling, until nothing more arrives",
  read: "reading everything, twice, and comparing it",
  judged: "removing the containers, and judging",
} as const;
type Part = keyof typeof parts;
const partNames = Object.keys(parts) as Part[];

const eventSchema = z.object({
  at: z.iso.datetime().transform((text) => Date.parse(text)),
  event: z.string(),
});

/** One run: the whole command, and where its seconds went. */
interface OverheadRun {
  measurement: Measurement;
  /** Wall time beyond the load, in seconds; the load includes the outage. */
  beyondSeconds: number;
  partSeconds: Record<Part, number>;
}

/** The wall time of a run beyond its load and its outage, and where it goes. */
export const overheadOfRuns: Benchmark = {
  name: "overhead",
  question: "How long does a run take beyond its load and its outage, and where do the seconds go?",
  async run(options) {
    const rows: Row[] = [];
    for (const [pipeline, atMost] of Object.entries(pipelines))
      rows.push(...(await rowsOf(pipeline, atMost, options)));
    return rows;
  },
};

async function rowsOf(pipeline: string, atMost: number, options: BenchmarkOptions): Promise<Row[]> {
  const command = `everyline run sink-restart --pipeline ${pipeline} --out ${reports} --json`;
  // The first run only makes sure that images are there, and what a machine keeps in memory.
  await overheadRun(command, options);
  const runs: OverheadRun[] = [];
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    const run = await overheadRun(command, options);
    options.tell(
      `${repeat}/${options.repeats}  ${run.beyondSeconds.toFixed(1)} s beyond the load  ${command}`,
    );
    runs.push(run);
  }
  const medianOf = (figure: (run: OverheadRun) => number) => median(runs.map(figure))!;
  const row = (what: string, value: number, wanted?: Figure["wanted"]): Row => ({
    what: `${pipeline}: ${what}`,
    input: "sink-restart, 1,000 lines in 10 s",
    repeats: options.repeats,
    subject: {
      command,
      seconds: medianOf(({ measurement }) => measurement.seconds),
      cpuSeconds: medianOf(({ measurement }) => measurement.cpuSeconds),
    },
    figure: { value, unit: "s", wanted },
  });
  return [
    row(
      "all beyond load and outage",
      medianOf(({ beyondSeconds }) => beyondSeconds),
      { atMost },
    ),
    ...partNames.flatMap((part) =>
      parts[part] === undefined
        ? []
        : [
            row(
              parts[part],
              medianOf(({ partSeconds }) => partSeconds[part]),
            ),
          ],
    ),
  ];
}

async function overheadRun(command: string, { folder }: BenchmarkOptions): Promise<OverheadRun> {
  const measurement = await measured(command, folder);
  const { runId, timings, verdict } = runDocumentSchema.parse(JSON.parse(measurement.stdout));
  if (verdict !== "holds") throw new Error(`expected holds of ${command}, got ${verdict} in run ${runId}`);
  const partSeconds = secondsOfParts(await readFile(join(folder, reports, runId, "journal.ndjson"), "utf8"));
  return { measurement, beyondSeconds: measurement.seconds - timings.loadSeconds, partSeconds };
}

/** The time from the end of each part to that of the next, in seconds; a reading that was repeated ends with its last. */
function secondsOfParts(journal: string): Record<Part, number> {
  const events = journal
    .trim()
    .split("\n")
    .map((line) => eventSchema.parse(JSON.parse(line)));
  let beforeMs = events[0]!.at;
  const seconds = partNames.map((part) => {
    const atMs = events.findLast(({ event }) => event === part)?.at;
    if (atMs === undefined) throw new Error(`expected the event ${part} in the journal of a run`);
    const taken = (atMs - beforeMs) / 1_000;
    beforeMs = atMs;
    return [part, taken];
  });
  return Object.fromEntries(seconds);
}
