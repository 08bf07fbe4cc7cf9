import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../src/base/abortable-pause.ts";
import { Redactor } from "../src/base/redact.ts";
import { Arrivals } from "../src/load/arrivals.ts";
import type { Ledger } from "../src/load/ledger.ts";
import { LineCodec, markOf } from "../src/load/line.ts";
import { nominalMs } from "../src/load/line-clock.ts";
import { randomSeed } from "../src/load/seed.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { describeReason } from "../src/report/words/reason-words.ts";
import { findForeign } from "../src/sinks/loki/foreign-loki-lines.ts";
import { LokiClient } from "../src/sinks/loki/loki-client.ts";
import { LokiReading } from "../src/sinks/loki/loki-reading.ts";
import { LokiWatch } from "../src/sinks/loki/loki-watch.ts";
import { readBack } from "../src/sinks/read-back.ts";
import { ReadWindow } from "../src/sinks/read-window.ts";
import { Journal } from "../src/store/journal.ts";
import { RunFolder } from "../src/store/run-folder.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { run } from "./support/command.ts";
import { judgedReading, runOfLoki } from "./support/judged-reading.ts";
import { type Lie, LokiFront } from "./support/loki-front.ts";
import { type OwnStack, useOwnStacks } from "./support/own-stack.ts";
import { until } from "./support/services-stack.ts";
import { reasonsOf } from "./support/told.ts";

const stackOf = useOwnStacks(afterAll);
const docker = await connectEngine();
// A name that `everyline clean` does not recognise as a run's.
const project = `reading-test-${process.pid}`;
const { signal } = new AbortController();
const nanosPerMs = 1_000_000n;
const sources = ["app-1", "app-2"];

let folder: string;
let stack: OwnStack;
let loki: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  stack = await stackOf("limited-tenant");
  const up = await run("docker", ["compose", "-p", project, "up", "-d", "store"], {
    cwd: stack.folder,
    env: { ...process.env, LOGSTORE_IMAGE: "everyline/loki:3.6.4" },
  });
  expect(up.exitCode, up.stderr).toBe(0);
  const label = [`com.docker.compose.project=${project}`];
  const [container] = await docker.listContainers({ filters: { label } });
  loki = `http://127.0.0.1:${container!.Ports.find(({ PrivatePort: port }) => port === 3_100)!.PublicPort}`;
  const headers = { "x-scope-orgid": "shop" };
  await until("Loki answers", async () => (await fetch(`${loki}/loki/api/v1/labels`, { headers })).ok);
}, 60_000);

afterAll(async () => {
  await removeProject(docker, project);
  await rm(folder, { recursive: true });
});

type Value = [timestampNs: string, line: string];

async function push(tenant: string, stream: Record<string, string>, values: Value[]): Promise<void> {
  const response = await fetch(`${loki}/loki/api/v1/push`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-scope-orgid": tenant },
    body: JSON.stringify({ streams: [{ stream, values }] }),
  });
  expect(response.status, await response.text()).toBe(204);
}

/** Lines of a run of its own in a Loki, with times that are as far ahead as the caller says, or behind. */
async function put(
  tenant: string,
  {
    lines = 300,
    shiftMs = 0,
    shiftOf = () => shiftMs,
    ageMs = 5_000,
    lost = [] as number[],
  }: {
    lines?: number;
    shiftMs?: number;
    shiftOf?: (sequence: number) => number;
    ageMs?: number;
    lost?: number[];
  } = {},
) {
  const clock = { epochMs: Date.now() - ageMs, linesPerSecond: 100 };
  const seed = randomSeed();
  const codec = new LineCodec(seed, clock);
  for (const source of sources) {
    const sequences = Array.from({ length: lines + 1 }, (_, sequence) => sequence).filter(
      (sequence) => !lost.includes(sequence),
    );
    // Loki takes no line into a stream that is more than an hour older than its newest.
    const byShift = Map.groupBy(sequences, shiftOf);
    for (const [ms, some] of byShift) {
      const values = some.map((sequence): Value => {
        const timeMs = Math.round(nominalMs(clock, sequence) + ms);
        return [`${BigInt(timeMs) * nanosPerMs}`, codec.encode(source, sequence)];
      });
      await push(tenant, { job: seed, source, ...(ms === shiftMs ? {} : { shift: `${ms}` }) }, values);
    }
  }
  const ledger: Ledger = {
    schema: "everyline/ledger@1",
    seed,
    clock,
    sources: sources.map((source) => ({
      source,
      written: lines,
      marks: [
        [0, clock.epochMs],
        [lines, Date.now()],
      ],
    })),
  };
  return { tenant, ledger, selector: `{job="${seed}"}`, written: lines * sources.length };
}

type Put = Awaited<ReturnType<typeof put>>;

function clientOf(tenant: string, url = loki, lineFilter?: string): LokiClient {
  return new LokiClient({
    baseUrl: async () => url,
    signal: () => signal,
    timeoutMs: 10_000,
    retries: 1,
    headers: { "x-scope-orgid": tenant },
    lineFilter,
  });
}

function watchOf({ tenant, ledger, selector }: Put) {
  const arrivals = new Arrivals(
    ledger.clock.epochMs - 60_000,
    new Map(ledger.sources.map(({ source, written }) => [source, written])),
  );
  const window = new ReadWindow(ledger.clock);
  const watch = new LokiWatch({
    client: clientOf(tenant, loki, markOf(ledger.seed)),
    selector,
    codec: new LineCodec(ledger.seed, ledger.clock),
    arrivals,
    window,
    sources: sources.length,
  });
  return { watch, arrivals, window };
}

/** Reads everything back twice, as a run does, and judges it. */
async function read({ tenant, ledger, selector }: Put, window?: ReadWindow, url = loki) {
  const report = await RunFolder.create(folder, `test-${randomSeed()}`);
  const sink = new LokiReading({
    client: clientOf(tenant, url),
    ingesters: [clientOf(tenant)],
    selector,
    window,
    wait: (ms) => pause(ms, signal),
  });
  const journal = new Journal(report.file("journal.ndjson"), new Redactor(), () => {});
  const { readings, failure, remarks } = await readBack({ sink, ledger, folder: report, journal }, signal);
  const { verdict, counts, reasons } = judgedReading(ledger, { lost: 0 }, readings, failure);
  const stored = await readFile(report.observed("after-flush"), "utf8").catch(() => "");
  return {
    verdict,
    reasons: reasons.join(" "),
    remarks: remarks.map((remark) => describeReason(remark, runOfLoki)).join(" "),
    counts,
    stored: stored.split("\n").filter((line) => line !== "").length,
  };
}

/** As a proxy that lets only queries through. */
const withoutLimits: Lie = ({ path }, truth) =>
  path.startsWith("/config") ? { status: 403, text: "not for you" } : truth;

describe("a Loki that allows fewer lines, or a shorter range, than its default", () => {
  const tenants = ["entries-50", "entries-1", "entries-any", "length-1h", "length-10m", "range-5m"];

  it.each(tenants)("is followed and read to the end: %s", async (tenant) => {
    const put1 = await put(tenant, { lines: 100, lost: [7] });
    const { watch, arrivals, window } = watchOf(put1);
    await until("everything was seen", async () => {
      await watch.look();
      return arrivals.count === put1.written - 2;
    });
    expect([...watch.sentinels].sort()).toEqual(sources);
    const found = await read(put1, window);
    expect(found).toMatchObject({ verdict: "broken", counts: { delivered: 198, lost: 2, unexpected: 0 } });
  });

  const refusing = ["entries-50", "length-10m", "range-5m"];

  it.each(refusing)("is read to the end where it tells its limits by refusing alone: %s", async (tenant) => {
    const front = await LokiFront.before(loki, withoutLimits);
    try {
      const found = await read(await put(tenant, { lines: 100 }), undefined, front.url);
      expect(found, found.reasons).toMatchObject({ verdict: "holds", counts: { delivered: 200 } });
    } finally {
      front.close();
    }
  });

  it("is named where a page holds one line, and a moment more of them", async () => {
    const tenant = "entries-1";
    const put1 = await put(tenant, { lines: 20, lost: [8] });
    const { seed, clock } = put1.ledger;
    const codec = new LineCodec(seed, clock);
    const momentNs = `${BigInt(Math.round(nominalMs(clock, 7))) * nanosPerMs}`;
    for (const source of sources)
      await push(tenant, { job: seed, source }, [[momentNs, codec.encode(source, 8)]]);
    const found = await read(put1);
    expect(found.verdict).toBe("unknown");
    expect(found.reasons).toContain("Loki answers 1 lines at once (max_entries_limit_per_query)");
  });

  it("is read where all lines are younger than what it answers, and calls nothing lost that is older", async () => {
    const tenant = "lookback-30s";
    const young = await read(await put(tenant, { lines: 100 }));
    expect(young, young.reasons).toMatchObject({ verdict: "holds", counts: { delivered: 200 } });
    const old = await read(await put(tenant, { ageMs: 60_000 }));
    expect(old.verdict).toBe("unknown");
    expect(old.reasons).toContain("no line older than 30 s (max_query_lookback)");
  });
});

describe("times that are not this machine's", () => {
  it.each([300_000, 55_000, 72_000, -90_000, -7_200_000])(
    "are read as they were followed: %i ms",
    async (shiftMs) => {
      const put1 = await put("shop", { shiftMs });
      const { watch, arrivals, window } = watchOf(put1);
      // Hours behind are looked for only when nearer times have shown nothing.
      await until(
        "everything was seen",
        async () => {
          await watch.look();
          return arrivals.count === put1.written;
        },
        30_000,
      );
      expect(Math.round(window.skewMs / 1_000)).toBe(shiftMs / 1_000);
      const found = await read(put1, window);
      expect(found, found.reasons).toMatchObject({ verdict: "holds", counts: { delivered: 600, lost: 0 } });
    },
  );

  it("are no loss where they jump beyond what anybody followed", async () => {
    const put1 = await put("shop", { shiftOf: (sequence) => (sequence > 200 ? -10_000_000 : 0) });
    const found = await read(put1);
    expect(found.verdict).toBe("unknown");
    expect(found.reasons).toContain("Loki holds 200 lines of the run that carry other times");
  });
});

describe("lines of others that a selector matches", () => {
  const others = 20_000;

  async function putBeside({ tenant, ledger }: Put, stream: Record<string, string>, texts: string[]) {
    const atMs = Date.now() - 3_000;
    const values = texts.map((text, index): Value => [`${BigInt(atMs) * nanosPerMs + BigInt(index)}`, text]);
    await push(tenant, { job: ledger.seed, ...stream }, values);
  }

  const foreignIn = ({ tenant, ledger, selector }: Put) =>
    findForeign(clientOf(tenant), selector, new ReadWindow(ledger.clock).range(Date.now()), {
      seed: ledger.seed,
      mark: markOf(ledger.seed),
    });

  it("are neither judged nor stored in streams of their own, nor is what quotes the run's lines there", async () => {
    const put1 = await put("shop", { lost: [11] });
    const { seed, clock } = put1.ledger;
    const quoted = JSON.stringify(new LineCodec(seed, clock).encode("app-1", 3));
    const texts = Array.from({ length: others }, (_, index) => `GET /${index}`);
    await putBeside(put1, { container: "web" }, texts);
    await putBeside(put1, { container: "loki" }, [
      `level=info query=${quoted}`,
      `query="{} |= \\"${seed}/\\""`,
    ]);
    const { beside, shared } = await foreignIn(put1);
    expect(beside).toHaveLength(2);
    expect(shared).toBeUndefined();
    const found = await read(put1);
    expect(found).toMatchObject({ verdict: "broken", counts: { delivered: 598, lost: 2, unexpected: 0 } });
    expect(found.remarks).toContain("2 streams");
    expect(found.stored).toBe(600);
    const { watch, arrivals } = watchOf(put1);
    await watch.look();
    expect(arrivals.count).toBe(598);
  });

  it("are found in a stream of the run's own, and are judged there", async () => {
    const put1 = await put("shop");
    await putBeside(put1, { source: "app-2" }, ["somebody else's", "and another"]);
    const { shared } = await foreignIn(put1);
    expect(shared).toMatchObject({ lines: 2, sample: "somebody else's" });
    expect(shared!.stream).toContain('source="app-2"');
    expect(await read(put1)).toMatchObject({ verdict: "broken", counts: { lost: 0, unexpected: 2 } });
  });

  it("are not what a damaged line of the run's is", async () => {
    const put1 = await put("shop", { lost: [5] });
    const { seed, clock } = put1.ledger;
    const line = new LineCodec(seed, clock).encode("app-1", 5);
    await putBeside(put1, { source: "elsewhere" }, [line.replace("Test log", "Test dog")]);
    expect(await foreignIn(put1)).toEqual({ beside: [], shared: undefined });
    expect(await read(put1)).toMatchObject({ verdict: "broken", counts: { corrupted: 1 } });
  });
});

describe("a stack whose selector is too wide and whose Loki has tenants and a limit", () => {
  const args = ["sink-restart", "--lines", "300", "--rate", "40"];

  it("holds, and keeps nothing of what others wrote", async () => {
    const { exitCode, stdout, stderr, document, report } = await stack.run(...args);
    expect(exitCode, stdout + stderr).toBe(0);
    expectAllDelivered(document!.counts, 300);
    expect(document!.counts.unexpected).toBe(0);
    expect(stderr).toContain(
      'matches one stream of others, which are left out: {filename="/var/log/beside.log"',
    );
    expect(await readFile(join(report, "observed-after-flush.jsonl"), "utf8")).not.toContain("somebody else");
  });

  const nameless = (text: string) => text.replace("  tenant: shop\n", "");

  it("is refused before anything starts where the tenant is not named", async () => {
    const refused = await stackOf("limited-tenant", { "everyline.config.yaml": nameless });
    const { exitCode, stderr } = await refused.run(...args);
    expect(exitCode, stderr).toBe(64);
    expect(stderr).toContain(
      "set loki.tenant to the tenant that the shipper sends its lines for, which is shop",
    );
    expect(await refused.runs()).toEqual([]);
  });

  it("says what Loki answered where only its container knows of tenants, before the time for the first line is over", async () => {
    const unknowing = await stackOf("limited-tenant", {
      "everyline.config.yaml": nameless,
      "store.yaml": (text) => text.replace("auth_enabled: true", `auth_enabled: \${SEPARATE}`),
      "compose.yaml": (text) =>
        text.replace(
          "    command: -config.file=/etc/store.yaml\n",
          '    command: -config.file=/etc/store.yaml -config.expand-env=true\n    environment: { SEPARATE: "true" }\n',
        ),
    });
    const { exitCode, document } = await unknowing.run(...args);
    expect(exitCode).toBe(2);
    expect(reasonsOf(document!).join(" ")).toContain(
      "Loki answered 401: no org id. This Loki keeps tenants apart",
    );
    expect(document!.timings.totalSeconds).toBeLessThan(50);
  });
});
