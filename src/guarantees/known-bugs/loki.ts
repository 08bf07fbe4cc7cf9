import type { Claim } from "../claim.ts";
import type { Row } from "../row.ts";

const holds: Claim["measured"] = { verdict: "holds" };

function broken(why: string): Claim["measured"] {
  return { verdict: "broken", why };
}

const walSource = "Loki's own page on its WAL: what was acknowledged outlives a crash of the process";

/** Defects of Loki that scenarios of `known-bugs/` reproduce: each breaks a promise that its part makes. */
export const loki: Row[] = [
  {
    scenario: "known-bugs/loki-torn-wal-record/flipped",
    text: "Where its WAL is damaged Loki recovers what can be read, and counts the damage.",
    source: walSource,
    bounds: { lost: 0 },
    measured: {
      "direct-hardened": broken("replay ends at the damaged record, as at the end of the log"),
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
        "replay stands still at the torn record, and what Loki has taken since stands behind it",
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
];
