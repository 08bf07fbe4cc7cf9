import { describe, expect, it } from "vitest";
import { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import type { Plan, PlannedFault } from "../plan/plan.ts";
import type { FaultRecord } from "./fault-record.ts";
import { judgeRun } from "./judge-run.ts";
import { Observation, observationFor } from "./observation.ts";
import type { Recorded } from "./recorded.ts";
import type { KafkaRecording, Recording } from "./recording.ts";
import { runDocumentSchema } from "./run-document.ts";

const epochMs = Date.UTC(2026, 0, 1);
const lines = 10;
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock: { epochMs, linesPerSecond: 1 },
  sources: [{ source: "a", written: lines, marks: [] }],
};
const backoff = { minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 10, tryTimeoutMs: 10_000 };
const directPlan: Plan = {
  schema: "everyline/plan@2",
  scenario: "consumer-stop",
  summary: "The consumer is stopped.",
  pipeline: "direct",
  layout: "split",
  parts: ["shipper", "sink"],
  sink: "victorialogs",
  claim: { id: "direct/consumer-stop", text: "No line is lost.", bounds: { lost: 0 } },
  startIsClaimed: false,
  seed: "seed",
  load: { lines, linesPerSecond: 1, seconds: 10, sources: 1, by: "generator" },
  timeScale: 1,
  retries: { backoff, horizon: { earliestMs: 255_500, latestMs: 611_000 } },
  timeLapse: null,
  settleSeconds: null,
  variables: {},
  images: [],
  isControl: false,
  schedule: [],
  expected: [],
  command: ["run", "consumer-stop"],
};
const kafkaPlan: Plan = { ...directPlan, parts: ["shipper", "gateway", "kafka", "consumer", "sink"] };
const nothing: Recorded = {
  schema: "everyline/recording@1",
  runId: "run",
  proofFailure: null,
  differences: [],
  unchecked: 0,
  observers: [],
  faults: [],
  readableAtKills: [],
  settled: null,
  readings: [],
  readByMs: null,
  setAside: null,
  readFailure: null,
  remarks: [],
  sinkStartedAtMs: 0,
  changes: [],
  arrivals: 0,
  shipper: { read: lines + 1, sent: lines + 1, dropped: {}, readBytes: {} },
  isReadToEnd: true,
  gateway: { acknowledged: lines + 1, answers: { "204": 3 } },
  retries: {},
  discarded: {},
  received: null,
  kafka: null,
  failover: null,
  alerts: null,
  notes: [],
  images: [],
  environment: { engine: "", api: "", kernel: "", cpus: 2, memoryBytes: 1, node: "" },
  seconds: { up: 0, load: 0, read: 0, total: 0 },
};

function holding(...sequences: number[]): Observation {
  const observation = new Observation("seed", ledger.clock, ["a"]);
  for (const sequence of sequences) observation.add(observation.codec.encode("a", sequence));
  return observation;
}

function kafkaHolding(...sequences: number[]): KafkaRecording {
  return {
    records: sequences.length + 1,
    observation: holding(...sequences),
    deleted: { records: 0, observation: holding() },
    deadLetters: new Map(),
  };
}

/** What a run recorded of which the sink has some lines, and whose shipper and gateway passed on all ten and the sentinel. */
function recordingOf(
  sink: Observation,
  kafka: KafkaRecording | undefined,
  changes: Partial<Recorded> = {},
  of: Partial<Recording> = {},
): Recording {
  const high = `${kafka?.records ?? 0}`;
  const offsets = [{ partition: 0, low: "0", high }];
  const ofKafka = kafka && {
    kafka: { offsets, records: kafka.records, audited: null, deadLetters: null },
    received: kafka.records,
  };
  return {
    recorded: { ...nothing, ...ofKafka, ...changes },
    ledger,
    arrivals: new Arrivals(epochMs, new Map([["a", lines]])),
    observations: [sink],
    kafka,
    failover: undefined,
    damage: [],
    ...of,
  };
}

/** A fault of a plan's schedule, and what was recorded of it. */
function fault(kind: string, target: string, ends: string[], changes: Partial<FaultRecord> = {}) {
  const moment = { line: 1, seconds: 1 };
  const times = { startedAt: "2026-01-01T00:00:01.000Z", endedAt: "2026-01-01T00:00:05.250Z" };
  const planned: PlannedFault = {
    ...{ kind, target, at: 0.1, until: 0.5, injected: moment, healed: moment },
    ...{ expected: "", ends, stopsShipper: ends.includes("sink") },
  };
  const record: FaultRecord = { kind, target, ...times, effective: true, evidence: [], ...changes };
  return { planned, record };
}

const all = Array.from({ length: lines }, (_, index) => index + 1);

describe("where a line was lost", () => {
  it("is told line by line: among the dead letters, in Kafka, or before it", () => {
    const deadLetters = new Map([["too_far_behind", holding(4)]]);
    const kafka = { ...kafkaHolding(1, 2, 3, 4, 5, 6, 7, 8), deadLetters };
    const { lost, counts } = judgeRun(kafkaPlan, recordingOf(holding(1, 2, 3, 7, 8), kafka));
    expect(counts.lost).toBe(5);
    expect(lost).toEqual([
      { source: "a", from: 4, to: 4, hop: "consumer", reason: "dead-lettered: too_far_behind" },
      { source: "a", from: 5, to: 6, hop: "kafka" },
      { source: "a", from: 9, to: 10, hop: "gateway" },
    ]);
  });

  it("is Kafka, with that reason, where Kafka's retention deleted it, unless it is among the dead letters", () => {
    const kafka = {
      ...kafkaHolding(1, 2, 3, 4, 5, 6, 7, 8),
      deleted: { records: 4, observation: holding(1, 2, 3, 4) },
      deadLetters: new Map([["too_far_behind", holding(2)]]),
    };
    const { lost, kafka: told } = judgeRun(kafkaPlan, recordingOf(holding(4, 6, 7, 8), kafka));
    const deleted = { hop: "kafka", reason: "deleted by Kafka's retention" };
    expect(lost).toEqual([
      { source: "a", from: 1, to: 1, ...deleted },
      { source: "a", from: 2, to: 2, hop: "consumer", reason: "dead-lettered: too_far_behind" },
      { source: "a", from: 3, to: 3, ...deleted },
      { source: "a", from: 5, to: 5, hop: "kafka" },
      { source: "a", from: 9, to: 10, hop: "gateway" },
    ]);
    expect(told).toMatchObject({ deleted: 4 });
  });

  it("is Kafka, deleted by a fault, where a fault of the schedule deletes records", () => {
    const kafka = { ...kafkaHolding(1, 2, 3), deleted: { records: 1, observation: holding(1) } };
    const { planned, record } = fault("delete-records", "kafka", []);
    const plan = { ...kafkaPlan, schedule: [planned] };
    const { lost } = judgeRun(
      plan,
      recordingOf(holding(2, 3, 4, 5, 6, 7, 8, 9, 10), kafka, { faults: [record] }),
    );
    expect(lost).toEqual([{ source: "a", from: 1, to: 1, hop: "kafka", reason: "deleted by a fault" }]);
  });

  it("is unknown where the shipper is the user's own, unless it is in Kafka", () => {
    const silent = { shipper: { read: 0, sent: 0, dropped: {}, readBytes: {} }, isReadToEnd: false };
    const direct = judgeRun({ ...directPlan, retries: null }, recordingOf(holding(1, 2), undefined, silent));
    expect(direct.lost).toEqual([{ source: "a", from: 3, to: 10, hop: "unknown" }]);
    const ofKafka = recordingOf(holding(1, 2), kafkaHolding(1, 2, 3), silent);
    expect(judgeRun({ ...kafkaPlan, retries: null }, ofKafka).lost).toEqual([
      { source: "a", from: 3, to: 3, hop: "kafka" },
      { source: "a", from: 4, to: 10, hop: "unknown" },
    ]);
  });

  it("is the shipper where all that the gateway acknowledged is in Kafka, though the shipper was restarted", () => {
    const { planned, record } = fault("restart", "shipper", ["shipper"]);
    const changes = {
      gateway: { acknowledged: 9, answers: {} },
      shipper: { read: 10, sent: 5, dropped: {}, readBytes: {} },
      faults: [record],
    };
    const delivered = [1, 2, 3, 4, 5, 6, 7, 8];
    const recording = recordingOf(holding(...delivered), kafkaHolding(...delivered), changes);
    expect(judgeRun({ ...kafkaPlan, schedule: [planned] }, recording).lost).toEqual([
      { source: "a", from: 9, to: 10, hop: "shipper" },
    ]);
  });
});

describe("what the sink refused", () => {
  const delivered = [1, 2, 3, 4, 5, 6, 7, 8];
  const lossesWith = (changes: Partial<Recorded>, schedule: PlannedFault[] = []) =>
    judgeRun({ ...directPlan, schedule }, recordingOf(holding(...delivered), undefined, changes)).lost;
  const silent = [{ source: "a", from: 9, to: 10, hop: "sink" }];

  it("is told as the reason where it acknowledged and refused just the lines that it lacks", () => {
    expect(lossesWith({ discarded: { too_far_behind: 2 } })).toEqual([
      { source: "a", from: 9, to: 10, hop: "sink", reason: "acknowledged, though refused: too_far_behind" },
    ]);
  });

  it("is no reason where it refused more or fewer lines, or where it refused them to the shipper", () => {
    expect(lossesWith({ discarded: { too_far_behind: 1 } })).toEqual(silent);
    expect(lossesWith({ discarded: { too_far_behind: 2, rate_limited: 1 } })).toEqual(silent);
    const [told] = lossesWith({
      discarded: { too_far_behind: 2 },
      shipper: { read: lines + 1, sent: lines - 3, dropped: { ingester_error: 4 }, readBytes: {} },
    });
    expect(told).toEqual({ source: "a", from: 9, to: 10, hop: "unknown" });
  });

  it("is no reason where a fault ended the sink, which has forgotten then what it refused before", () => {
    const { planned, record } = fault("kill", "sink", ["sink"]);
    expect(lossesWith({ discarded: { too_far_behind: 2 }, faults: [record] }, [planned])).toEqual(silent);
  });
});

describe("what a crash of the application left", () => {
  const tornLedger = { ...ledger, sources: [{ ...ledger.sources[0]!, torn: [{ sequence: 5, bytes: 20 }] }] };
  const texts = (...sequences: number[]) => {
    const observation = observationFor(tornLedger);
    for (const sequence of sequences) observation.add(observation.codec.encode("a", sequence));
    return observation;
  };

  it("is in the document, and has a part in the counts that tell where lines were lost", () => {
    const sink = texts(1, 2, 3, 4, 5, 6, 7);
    sink.add(sink.codec.encode("a", 5).slice(0, 20));
    // The sentinel, what the crash left, and seven lines.
    const shipper = { read: 9, sent: 9, dropped: {}, readBytes: {} };
    const recording = recordingOf(sink, undefined, { shipper }, { ledger: tornLedger });
    const { lost, torn } = judgeRun(directPlan, recording);
    expect(torn).toMatchObject([{ source: "a", sequence: 5, bytes: 20, arrived: true }]);
    expect(lost).toEqual([{ source: "a", from: 8, to: 10, hop: "source" }]);
  });

  it("is missing like a line where it did not come back, without being lost", () => {
    const sink = texts(1, 2, 3, 4, 5, 6, 7);
    const shipper = { read: 12, sent: 8, dropped: { ingester_error: 4 }, readBytes: {} };
    const recording = recordingOf(sink, undefined, { shipper }, { ledger: tornLedger });
    const { lost, counts } = judgeRun(directPlan, recording);
    expect(counts.lost).toBe(3);
    expect(lost).toEqual([{ source: "a", from: 8, to: 10, hop: "shipper" }]);
  });
});

describe("what lay in Kafka", () => {
  it("tells copies in the topic from lines that were sent again", () => {
    const recording = recordingOf(holding(...all), kafkaHolding(...all, 3), { received: 15 });
    const { kafka, verdict } = judgeRun(kafkaPlan, recording);
    expect(verdict).toBe("holds");
    expect(kafka).toMatchObject({
      records: 12,
      counts: { lost: 0, duplicated: 1 },
      redelivered: 3,
      answers: { "204": 3 },
    });
  });

  it("makes the verdict unknown where the sink has a line that Kafka seems never to have had", () => {
    const recording = recordingOf(holding(...all), kafkaHolding(...all.slice(1)));
    const { verdict, reasons } = judgeRun(kafkaPlan, recording);
    expect(verdict).toBe("unknown");
    expect(reasons).toContainEqual({ code: "beyond-kafka", lines: 1 });
  });
});

describe("a long outage in a short time", () => {
  const { planned, record } = fault("stop", "shipper", ["shipper"]);
  const schedule = [planned];

  it("is in the document with what stood for it and how long it was held", () => {
    const backlog = { lines: 6, spanMs: 86_400_000, sentinelAgeMs: 86_400_000 };
    const plan = { ...directPlan, schedule, timeLapse: { outageSeconds: 86_400, backlog } };
    const document = judgeRun(plan, recordingOf(holding(...all), undefined, { faults: [record] }));
    expect(document.timeLapse).toEqual({ outageSeconds: 86_400, heldSeconds: 4.25, agesKafka: false });
    expect(runDocumentSchema.parse(document)).toEqual(document);
  });

  it("is none where every second was held", () => {
    const recording = recordingOf(holding(...all), undefined, { faults: [record] });
    expect(judgeRun({ ...directPlan, schedule }, recording).timeLapse).toBeNull();
  });
});

describe("a fault", () => {
  const marked: Ledger = {
    ...ledger,
    sources: [
      { source: "a", written: lines, marks: [0, ...all].map((line) => [line, epochMs + line * 1_000]) },
    ],
  };
  const faultIn = (...[kind, target, ends]: Parameters<typeof fault>) => {
    const { planned, record } = fault(kind, target, ends);
    const plan = { ...directPlan, schedule: [planned] };
    const recording = recordingOf(holding(...all), undefined, { faults: [record] }, { ledger: marked });
    return judgeRun(plan, recording).faults[0]!;
  };

  it("has how long it held, how many lines were written meanwhile, and when the shipper gives up that it stopped", () => {
    expect(faultIn("stop", "sink", ["sink"])).toMatchObject({
      held: { seconds: 4.25, lines: 4 },
      shipperGivesUp: { earliestMs: 255_500, latestMs: 611_000 },
    });
    expect(faultIn("stop", "shipper", ["shipper"])).toMatchObject({ shipperGivesUp: null });
  });

  it("has neither where the fault takes no time", () => {
    const moment = "2026-01-01T00:00:01.000Z";
    const { planned, record } = fault("rotate", "source", [], { startedAt: moment, endedAt: moment });
    const recording = recordingOf(holding(...all), undefined, { faults: [record] });
    const [judged] = judgeRun({ ...directPlan, schedule: [planned] }, recording).faults;
    expect(judged).toMatchObject({ held: null, shipperGivesUp: null });
  });
});

describe("the loss of a site", () => {
  const { planned, record } = fault("kill", "site-a", ["gateway", "kafka"], {
    startedAt: "2026-01-01T00:00:00.800Z",
  });
  const marked: Ledger = {
    ...ledger,
    sources: [
      { source: "a", written: lines, marks: [0, ...all].map((line) => [line, epochMs + line * 100]) },
    ],
  };
  const failover = { observation: holding(1, 2, 3, 4, 5), acknowledged: holding(1, 2, 3, 4, 5, 6, 7) };
  const acknowledged = [{ partition: 0, end: "8" }];
  const ofSite = (rpoSeconds: number): Plan => ({
    ...kafkaPlan,
    claim: { ...kafkaPlan.claim, bounds: { rpoSeconds } },
    schedule: [{ ...planned, audit: "site-b" }],
  });
  const lostSite = (changes: Partial<Recorded> = {}, of: Partial<Recording> = {}) =>
    recordingOf(
      holding(...all),
      kafkaHolding(...all),
      {
        faults: [record],
        failover: { entries: 5, acknowledged, isOneCluster: false, offsets: null },
        ...changes,
      },
      { ledger: marked, failover, ...of },
    );

  it("is in the document, and its recovery point is judged", () => {
    const broken = judgeRun(ofSite(0.2), lostSite());
    expect(broken.verdict).toBe("broken");
    expect(broken.sites).toEqual({
      rpoSeconds: 0.2,
      isUpperBound: false,
      acknowledged: 7,
      missing: 2,
      returned: 2,
      unacknowledged: 2,
      unacknowledgedReturned: 2,
    });
    expect(judgeRun(ofSite(0.3), lostSite()).verdict).toBe("holds");
  });

  it("leaves the verdict unknown where nothing is known of it", () => {
    const none = [
      lostSite({}, { failover: undefined }),
      lostSite({ failover: { entries: 5, acknowledged: [], isOneCluster: false, offsets: null } }),
    ];
    for (const recording of none) {
      const { verdict, sites } = judgeRun(ofSite(2), recording);
      expect([verdict, sites]).toEqual(["unknown", null]);
    }
  });

  it("leaves the verdict unknown where the ledger does not tell when missing lines were written", () => {
    const { verdict, sites } = judgeRun(ofSite(2), lostSite({}, { ledger }));
    expect(verdict).toBe("unknown");
    expect(sites).toMatchObject({ missing: 2, rpoSeconds: null });
  });
});

describe("why the counts of a run are not believed", () => {
  const reasonsWith = (changes: Partial<Recorded>, of: Partial<Recording> = {}, plan: Partial<Plan> = {}) =>
    judgeRun({ ...directPlan, ...plan }, recordingOf(holding(...all), undefined, changes, of)).reasons;
  const deadline = { why: "deadline", waitedMs: 9_000, silentMs: 10, isUnderWay: false } as const;

  it("is never that the wait was too short where all lines had arrived", () => {
    expect(reasonsWith({ settled: deadline })).toEqual([]);
    const missing = { observations: [holding(1, 2)] };
    const { why: _, ...wait } = deadline;
    expect(reasonsWith({ settled: deadline }, missing)).toEqual([{ code: "not-settled", ...wait }]);
    expect(reasonsWith({ settled: { ...deadline, why: "quiet" } }, missing)).toMatchObject([
      { code: "lost" },
    ]);
  });

  it("is a reading that was broken off, an observer that failed, a change of the stack, or a run without faults", () => {
    const readFailure = { code: "refused", sink: "victorialogs", status: 503, answer: "not ready" } as const;
    expect(reasonsWith({ readFailure })).toEqual([{ code: "not-read", problem: readFailure }]);
    const observers = [{ observer: "arrivals", isGroundOfVerdict: true, failure: "It did not answer." }];
    expect(reasonsWith({ observers })).toEqual([
      { code: "observer-failed", observer: "arrivals", message: "It did not answer." },
    ]);
    expect(reasonsWith({ observers: [{ ...observers[0]!, isGroundOfVerdict: false }] })).toEqual([]);
    expect(reasonsWith({ observers: [{ ...observers[0]!, failure: null }] })).toEqual([]);
    expect(reasonsWith({ changes: [{ code: "instance-gone", instance: "store" }] })).toEqual([
      { code: "stack-changed", changes: [{ code: "instance-gone", instance: "store" }] },
    ]);
    expect(reasonsWith({}, {}, { isControl: true })).toEqual([{ code: "control-run" }]);
  });

  it("is a reading that was set aside, of all but lost lines", () => {
    const problem = { code: "counted-unanswered", sink: "victorialogs", lines: 1 } as const;
    const setAside = { reading: "before-flush", problem };
    const reason = { code: "reading-set-aside", ...setAside };
    expect(reasonsWith({ setAside })).toEqual([reason]);
    const missing = { observations: [holding(1, 2)] };
    expect(reasonsWith({ setAside }, missing)).toMatchObject([{ code: "lost" }, reason]);
  });

  it("is a damaged file of the recording", () => {
    const damage = [{ code: "file-shortened", file: "observed.jsonl", lines: 1, written: 2 } as const];
    expect(reasonsWith({}, { damage })).toEqual(damage);
  });

  it("is a kill of a sink that had no line yet, unless another kill met some, or one had no effect", () => {
    expect(reasonsWith({ readableAtKills: [0, 0] })).toEqual([{ code: "nothing-to-lose" }]);
    expect(reasonsWith({ readableAtKills: [0, 3] })).toEqual([]);
    const { planned, record } = fault("kill", "sink", ["sink"], { effective: false });
    const plan = { schedule: [planned] };
    expect(reasonsWith({ readableAtKills: [0], faults: [record] }, {}, plan)).toEqual([
      { code: "fault-ineffective", fault: 0 },
    ]);
  });

  it("is a line that was readable since the sink last started and was not read, but not where one is gone", () => {
    const arrivals = new Arrivals(epochMs, new Map([["a", lines]]));
    arrivals.add("a", 10, epochMs + 60_000);
    const missing = { arrivals, observations: [holding(...all.slice(0, 9))] };
    expect(reasonsWith({ sinkStartedAtMs: epochMs }, missing)).toMatchObject([{ code: "unread-again" }]);
    expect(reasonsWith({ sinkStartedAtMs: null }, missing)).toMatchObject([{ code: "lost" }]);
  });

  it("is all that is told of a run that ended before anything was broken", () => {
    const ended = { code: "ended", instance: "store", exitCode: 1, lastWords: "no space left" } as const;
    const unread = { observations: [] };
    const difference = { code: "missing", service: "store", path: "/etc/rates.yaml" } as const;
    const readFailure = { code: "told", text: "x" } as const;
    const changes = { proofFailure: ended, differences: [difference], unchecked: 2, readFailure };
    expect(reasonsWith(changes, unread)).toEqual([
      { code: "other-file", difference },
      { code: "not-proven", failure: ended },
    ]);
    const claimed = { startIsClaimed: true };
    const silent = { code: "not-ready", instance: "store", afterSeconds: 60, lastWords: "" } as const;
    expect(reasonsWith({ proofFailure: silent }, unread, claimed)).toEqual([
      { code: "not-proven", failure: silent },
    ]);
    for (const failure of [
      ended,
      { code: "gone", instance: "store", lastWords: "" } as const,
      { code: "told", hasEnded: true, text: "The sink ended." } as const,
    ])
      expect(reasonsWith({ proofFailure: failure }, unread, claimed)).toEqual([
        { code: "lost", lines, written: lines, most: 0 },
        { code: "not-started", failure },
      ]);
  });
});

it("adds remarks to what led to a verdict, and none where it holds", () => {
  const remarks = [{ code: "clock-skew", skewMs: 61_000 } as const];
  const recorded = { remarks, unchecked: 2 };
  const reasonsOf = (sink: Observation) =>
    judgeRun(directPlan, recordingOf(sink, undefined, recorded)).reasons;
  expect(reasonsOf(holding(...all))).toEqual([]);
  expect(reasonsOf(holding(1))).toEqual([
    { code: "lost", lines: 9, written: 10, most: 0 },
    { code: "files-unchecked", files: 2 },
    ...remarks,
  ]);
});
