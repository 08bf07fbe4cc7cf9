import { broken, holds } from "../claim.ts";
import type { Row } from "./row.ts";

const walSource = "Loki's own page on its WAL: what was acknowledged outlives a crash of the process";

/** Defects of Loki that scenarios of `known-bugs/` reproduce: each breaks a promise that its part makes. */
export const loki: Row[] = [
  {
    scenario: "known-bugs/loki-torn-wal-record/flipped",
    text: "Where its WAL is damaged Loki recovers what can be read, and counts the damage.",
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
    text: "A record that a loss of power has torn costs its own lines only: one batch of a second.",
    source: walSource,
    bounds: { lostWindowSeconds: 2 },
    measured: { "direct-hardened": holds },
  },
  {
    scenario: "known-bugs/loki-torn-wal-record/tail-then-crash",
    text: "A record that a loss of power has torn costs its own lines only, whatever comes after.",
    source: walSource,
    bounds: { lostWindowSeconds: 2 },
    measured: {
      "direct-hardened": broken(
        "each replay ends at the torn record, and what Loki has taken since stands behind it: 921 of 1,500 and 1,384 of 2,000 lines, where the record had 120 and 126",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-torn-wal-record/one-of-three",
    text: "Where three writers have each line, a damaged WAL of one costs none.",
    source: "Loki's replication, at its word",
    bounds: { lost: 0 },
    measured: { "kafka-hardened": holds },
  },
  {
    scenario: "known-bugs/loki-refuses-with-204",
    text: "What Loki answers 204 to is stored.",
    source: "Loki's HTTP API: 204 for a push that was taken, 400 for one that was not",
    bounds: { lost: 0 },
    measured: {
      "direct-short-window": broken(
        "the answer to a push is that to its last stream; what was refused before is only counted, in loki_discarded_samples_total (Loki 3.7.6 as well)",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-refuses-with-204/within-window",
    text: "Lines that lie behind the newest of their stream are stored, within half of max_chunk_age.",
    source: "Loki's page on out-of-order writes",
    bounds: { lost: 0 },
    measured: { "direct-short-window": holds },
  },
  {
    scenario: "known-bugs/loki-out-of-order-window/rotated-twice",
    text: "A backlog of a long outage is delivered whole, whatever files it lies in.",
    source:
      "a shipper that never gives a batch up, and a Loki that takes lines up to a week old, each at its word",
    bounds: { lost: 0 },
    measured: {
      "direct-short-window": broken(
        "files are read side by side, and Loki takes no line that is half of max_chunk_age behind the newest of its stream: 1,152 and 1,173 of 4,000 lines",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-out-of-order-window/not-rotated",
    text: "A backlog of a long outage is delivered whole from one file.",
    source:
      "a shipper that never gives a batch up, and a Loki that takes lines up to a week old, each at its word",
    bounds: { lost: 0 },
    measured: { "direct-short-window": holds },
  },
  {
    scenario: "known-bugs/loki-wal-disk-full",
    text: "What Loki acknowledged outlives a crash of it.",
    source: walSource,
    bounds: { lost: 0 },
    measured: {
      "direct-small-wal": broken(
        "what no longer fits on the disk is acknowledged without being logged, as its page says: 367 to 386 of 1,000 lines; 358 on Loki 3.7.6, which looks at the disk every 10 s only",
      ),
    },
  },
  {
    scenario: "known-bugs/loki-wal-disk-full/room-enough",
    text: "What Loki acknowledged outlives a crash of it, where its WAL has room.",
    source: walSource,
    bounds: { lost: 0 },
    measured: { "direct-small-wal": holds },
  },
  {
    scenario: "known-bugs/loki-second-replay",
    text: "What Loki acknowledged outlives a second crash of it as well.",
    source: walSource,
    bounds: { lost: 0 },
    measured: { "direct-hardened": holds },
  },
];
