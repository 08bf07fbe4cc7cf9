import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { Arrivals } from "../observe/arrivals.ts";
import { describeLapse } from "../plan/time-lapse.ts";
import type { RunRequest } from "../run/run-request.ts";
import { conclude, type KafkaMeasured, type Measured } from "./conclude.ts";
import { Observation, observationFor } from "./observation.ts";
import { runDocumentSchema } from "./run-document.ts";

const epochMs = Date.UTC(2026, 0, 1);
const lines = 10;
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock: { epochMs, linesPerSecond: 1 },
  sources: [{ source: "a", written: lines, marks: [] }],
};
const request = {
  runId: "run",
  scenario: { name: "consumer-stop" },
  pipeline: {
    name: "kafka",
    layout: "split",
    targets: {},
    beside: {},
    shipper: { services: { promtail: null }, config: "promtail-config.yaml" },
    sink: { kind: "loki", services: { loki: null } },
  },
  claim: { id: "kafka/consumer-stop", text: "No line is lost.", bounds: { lost: 0 } },
  seed: "seed",
} as unknown as RunRequest;

function holding(...sequences: number[]): Observation {
  const observation = new Observation("seed", ledger.clock, ["a"]);
  for (const sequence of sequences) observation.add(observation.codec.encode("a", sequence));
  return observation;
}

function kafkaHolding(...sequences: number[]): KafkaMeasured {
  const records = sequences.length + 1;
  return {
    records,
    offsets: [{ partition: 0, low: 0n, high: BigInt(records) }],
    observation: holding(...sequences),
    deleted: { records: 0, observation: holding() },
    deadLetters: new Map(),
    received: records,
  };
}

/** A run of which Loki has some lines, and whose shipper and gateway passed on all ten and the sentinel. */
function measured(
  loki: Observation,
  kafka: KafkaMeasured | undefined,
  changes: Partial<Measured> = {},
): Measured {
  return {
    ledger,
    faults: [],
    observations: [loki],
    doubts: [],
    remarks: [],
    arrivals: new Arrivals(epochMs, new Map([["a", lines]])),
    shipper: { read: lines + 1, sent: lines + 1, dropped: {}, readBytes: {} },
    isReadToEnd: true,
    gateway: { acknowledged: lines + 1, answers: { "204": 3 } },
    retries: {},
    kafka,
    images: [],
    environment: { engine: "", api: "", kernel: "", cpus: 2, memoryBytes: 1, node: "" },
    seconds: { up: 0, load: 0, read: 0, total: 0 },
    ...changes,
  };
}

describe("where a line was lost", () => {
  it("is told line by line: among the dead letters, in Kafka, or before it", () => {
    const kafka = kafkaHolding(1, 2, 3, 4, 5, 6, 7, 8);
    kafka.deadLetters.set("too_far_behind", holding(4));
    const { lost, counts } = conclude(request, measured(holding(1, 2, 3, 7, 8), kafka));
    expect(counts.lost).toBe(5);
    expect(lost).toEqual([
      { source: "a", from: 4, to: 4, hop: "consumer", reason: "dead-lettered: too_far_behind" },
      { source: "a", from: 5, to: 6, hop: "kafka" },
      { source: "a", from: 9, to: 10, hop: "gateway" },
    ]);
  });

  it("is Kafka, with that reason, where Kafka's retention deleted it, unless it is among the dead letters", () => {
    const kafka = kafkaHolding(1, 2, 3, 4, 5, 6, 7, 8);
    kafka.deleted = { records: 4, observation: holding(1, 2, 3, 4) };
    kafka.deadLetters.set("too_far_behind", holding(2));
    const { lost, kafka: told } = conclude(request, measured(holding(4, 6, 7, 8), kafka));
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

  it("is nobody's knowledge where the shipper is the user's own, unless it is in Kafka", () => {
    const { pipeline } = request;
    const own = { ...request, pipeline: { ...pipeline, shipper: { services: { collector: null } } } };
    const silent = { shipper: { read: 0, sent: 0, dropped: {}, readBytes: {} }, isReadToEnd: false };
    const direct = conclude(own, measured(holding(1, 2), undefined, silent));
    expect(direct.lost).toEqual([{ source: "a", from: 3, to: 10, hop: "unknown" }]);
    const { lost } = conclude(own, measured(holding(1, 2), kafkaHolding(1, 2, 3), silent));
    expect(lost).toEqual([
      { source: "a", from: 3, to: 3, hop: "kafka" },
      { source: "a", from: 4, to: 10, hop: "unknown" },
    ]);
  });

  it("is the shipper where all that the gateway acknowledged is in Kafka, though the shipper was restarted", () => {
    const changes = {
      gateway: { acknowledged: 9, answers: {} },
      shipper: { read: 10, sent: 5, dropped: {}, readBytes: {} },
      faults: [
        {
          kind: "restart",
          target: "shipper",
          startedAt: "2026-01-01T00:00:01Z",
          endedAt: "2026-01-01T00:00:02Z",
          effective: true,
          evidence: "",
        },
      ],
    };
    const delivered = [1, 2, 3, 4, 5, 6, 7, 8];
    const { lost } = conclude(request, measured(holding(...delivered), kafkaHolding(...delivered), changes));
    expect(lost).toEqual([{ source: "a", from: 9, to: 10, hop: "shipper" }]);
  });
});

describe("what Loki refused", () => {
  const all = { read: lines + 1, sent: lines + 1, dropped: {}, readBytes: {} };
  const delivered = [1, 2, 3, 4, 5, 6, 7, 8];
  const lossesWith = (changes: Partial<Measured>) =>
    conclude(request, measured(holding(...delivered), undefined, { shipper: all, ...changes })).lost;

  it("is told as the reason where it acknowledged and refused just the lines that it lacks", () => {
    expect(lossesWith({ discarded: { too_far_behind: 2 } })).toEqual([
      { source: "a", from: 9, to: 10, hop: "sink", reason: "acknowledged, though refused: too_far_behind" },
    ]);
  });

  it("is no reason where it refused more or fewer, or was told to the shipper", () => {
    const silent = [{ source: "a", from: 9, to: 10, hop: "sink" }];
    expect(lossesWith({ discarded: { too_far_behind: 1 } })).toEqual(silent);
    expect(lossesWith({ discarded: { too_far_behind: 2, rate_limited: 1 } })).toEqual(silent);
    const [told] = lossesWith({
      discarded: { too_far_behind: 2 },
      shipper: { ...all, sent: lines - 3, dropped: { ingester_error: 4 } },
    });
    expect(told).toEqual({ source: "a", from: 9, to: 10, hop: "unknown" });
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
    const loki = texts(1, 2, 3, 4, 5, 6, 7);
    loki.add(loki.codec.encode("a", 5).slice(0, 20));
    // The sentinel, what the crash left, and seven lines.
    const shipper = { read: 9, sent: 9, dropped: {}, readBytes: {} };
    const { lost, torn } = conclude(request, measured(loki, undefined, { ledger: tornLedger, shipper }));
    expect(torn).toMatchObject([{ source: "a", sequence: 5, bytes: 20, arrived: true }]);
    expect(lost).toEqual([{ source: "a", from: 8, to: 10, hop: "source" }]);
  });

  it("is missing like a line where it did not come back, without being lost", () => {
    const loki = texts(1, 2, 3, 4, 5, 6, 7);
    const shipper = { read: 12, sent: 8, dropped: { ingester_error: 4 }, readBytes: {} };
    const { lost, counts } = conclude(request, measured(loki, undefined, { ledger: tornLedger, shipper }));
    expect(counts.lost).toBe(3);
    expect(lost).toEqual([{ source: "a", from: 8, to: 10, hop: "shipper" }]);
  });
});

describe("what lay in Kafka", () => {
  it("tells copies in the topic from lines that were sent again", () => {
    const all = Array.from({ length: lines }, (_, index) => index + 1);
    const reading = { ...kafkaHolding(...all, 3), received: 15 };
    const { kafka, verdict } = conclude(request, measured(holding(...all), reading));
    expect(verdict).toBe("holds");
    expect(kafka).toMatchObject({
      records: 12,
      counts: { lost: 0, duplicated: 1 },
      redelivered: 3,
      answers: { "204": 3 },
    });
  });

  it("makes the verdict unknown where Loki has a line that Kafka seems never to have had", () => {
    const all = Array.from({ length: lines }, (_, index) => index + 1);
    const { verdict, reasons } = conclude(request, measured(holding(...all), kafkaHolding(...all.slice(1))));
    expect(verdict).toBe("unknown");
    expect(reasons).toContain("1 lines were read from Loki that were not read from Kafka.");
  });
});

describe("a long outage in a short time", () => {
  const stop = {
    kind: "stop",
    target: "shipper",
    startedAt: "2026-01-01T00:00:01.000Z",
    endedAt: "2026-01-01T00:00:05.250Z",
    effective: true,
    evidence: "",
  };
  const all = Array.from({ length: lines }, (_, index) => index + 1);

  it("is in the document with what stood for it and how long it was held", () => {
    const backlog = { lines: 6, spanMs: 86_400_000, sentinelAgeMs: 86_400_000 };
    const lapse = { outageSeconds: 86_400, backlog };
    const document = conclude(request, measured(holding(...all), undefined, { lapse, faults: [stop] }));
    expect(document.timeLapse).toEqual({
      outageSeconds: 86_400,
      heldSeconds: 4.25,
      how: describeLapse(lapse, false),
    });
    expect(runDocumentSchema.parse(document)).toEqual(document);
  });

  it("is none where every second was held", () => {
    expect(conclude(request, measured(holding(...all), undefined, { faults: [stop] })).timeLapse).toBeNull();
  });
});

describe("the loss of a site", () => {
  const sites = {
    rpoSeconds: 1.5,
    isUpperBound: false,
    acknowledged: 9,
    missing: 2,
    returned: 1,
    unacknowledged: 1,
    unacknowledgedReturned: 0,
  };
  const all = holding(...Array.from({ length: lines }, (_, index) => index + 1));
  const ofSite = (rpoSeconds: number) =>
    ({ ...request, claim: { ...request.claim, bounds: { rpoSeconds } } }) as RunRequest;

  it("is in the document, and its recovery point is judged", () => {
    const broken = conclude(ofSite(1.5), measured(all, undefined, { sites }));
    expect([broken.verdict, broken.sites]).toEqual(["broken", sites]);
    expect(conclude(ofSite(2), measured(all, undefined, { sites })).verdict).toBe("holds");
  });

  it("leaves the verdict unknown where nothing is known of it", () => {
    for (const none of [null, undefined]) {
      const { verdict, sites } = conclude(ofSite(2), measured(all, undefined, { sites: none }));
      expect([verdict, sites]).toEqual(["unknown", null]);
    }
  });
});
