import { broken, holds } from "../claim.ts";
import type { Row } from "./row.ts";

const walSource = "Loki's own page on its WAL: acknowledged lines survive a crash of the process";

/** Defects of Loki that scenarios of `known-bugs/` reproduce: each breaks a promise that its part makes. */
export const loki: Row[] = [
  {
    scenario: "known-bugs/loki-torn-wal-record/flipped",
    text: "If its WAL is damaged, Loki recovers what can be read, and counts the damage.",
    source: walSource,
    bounds: { lost: 0 },
    measured: {
      "direct-hardened": broken(
        "replay ends at the damaged record as if it were the end of the log: 248 to 380 of 1,000 lines, in each of 4 runs, and on Loki 3.7.6 as well",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-torn-wal-record/tail",
    text: "A record that a power failure has cut loses only its own lines: one batch of a second.",
    source: walSource,
    bounds: { lostWindowSeconds: 2 },
    measured: { "direct-hardened": holds },
  },
  {
    scenario: "known-bugs/loki-torn-wal-record/tail-then-crash",
    text: "A record that a power failure has cut loses only its own lines, whatever comes after it.",
    source: walSource,
    bounds: { lostWindowSeconds: 2 },
    measured: {
      "direct-hardened": broken(
        "each replay ends at the cut record, and what Loki has accepted since comes after it: 921 of 1,500 and 1,384 of 2,000 lines, where the record had 120 and 126",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-torn-wal-record/one-of-three",
    text: "If three ingesters have each line, a damaged WAL of one of them loses none.",
    source: "Loki's replication, taken literally",
    bounds: { lost: 0 },
    measured: { "kafka-hardened": holds },
  },
  {
    scenario: "known-bugs/loki-refuses-with-204",
    text: "Lines for which Loki answers 204 are stored.",
    source: "Loki's HTTP API: 204 for an accepted push, 400 for a refused one",
    bounds: { lost: 0 },
    measured: {
      "direct-short-window": broken(
        "the answer to a push is the answer for its last stream; lines of earlier streams that were refused are only counted, in loki_discarded_samples_total (Loki 3.7.6 as well)",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-refuses-with-204/within-window",
    text: "Lines behind the newest of their stream are stored, within half of max_chunk_age.",
    source: "Loki's page on out-of-order writes",
    bounds: { lost: 0 },
    measured: { "direct-short-window": holds },
  },
  {
    scenario: "known-bugs/loki-out-of-order-window/rotated-twice",
    text: "The backlog of a long outage is delivered completely, whatever files it is in.",
    source:
      "a shipper that never drops a batch, and a Loki that accepts lines up to a week old, each taken literally",
    bounds: { lost: 0 },
    measured: {
      "direct-short-window": broken(
        "files are read concurrently, and Loki refuses lines that are more than half of max_chunk_age behind the newest of their stream: 1,152 and 1,173 of 4,000 lines",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-out-of-order-window/not-rotated",
    text: "The backlog of a long outage is delivered completely from one file.",
    source:
      "a shipper that never drops a batch, and a Loki that accepts lines up to a week old, each taken literally",
    bounds: { lost: 0 },
    measured: { "direct-short-window": holds },
  },
  {
    scenario: "known-bugs/loki-wal-disk-full",
    text: "Lines that Loki has acknowledged survive its crash.",
    source: walSource,
    bounds: { lost: 0 },
    measured: {
      "direct-small-wal": broken(
        "lines that no longer fit on the disk are acknowledged without being logged, as its page says: 367 to 386 of 1,000 lines; 358 on Loki 3.7.6, which checks the disk only every 10 s",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-wal-disk-full/room-enough",
    text: "Lines that Loki has acknowledged survive its crash, if its WAL has room.",
    source: walSource,
    bounds: { lost: 0 },
    measured: { "direct-small-wal": holds },
  },
  {
    scenario: "known-bugs/loki-second-replay",
    text: "Lines that Loki has acknowledged survive a second crash as well.",
    source: walSource,
    bounds: { lost: 0 },
    measured: { "direct-hardened": holds },
  },
];
