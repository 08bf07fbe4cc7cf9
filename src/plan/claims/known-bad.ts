import { broken, type Claim } from "../claim.ts";

const source = "none: a proxy damages lines on purpose, to test that Everyline finds every one";
const loses = "the proxy discards lines";

/** What is claimed and what runs find, by the case of the scenario. Most of these claims cannot hold. */
const rows: Record<string, { text: string; measured: Claim["measured"] }> = {
  drop: { text: "No acknowledged push is discarded.", measured: broken(loses) },
  shorten: { text: "No last lines of an acknowledged push are discarded.", measured: broken(loses) },
  duplicate: { text: "No push is forwarded twice.", measured: broken("the proxy forwards lines twice") },
  resend: {
    text: "No push that was answered with 500 is stored.",
    measured: broken("the proxy stores a push, but its answer makes Promtail send it again"),
  },
  reorder: {
    text: "Lines that exchange their times are counted as out of order, and none is lost.",
    measured: { verdict: "holds" },
  },
  delay: {
    text: "A push that is forwarded after later ones loses no line and changes no order: lines carry their own times.",
    measured: { verdict: "holds" },
  },
  corrupt: { text: "No line is changed.", measured: broken("the proxy changes a character of lines") },
  truncate: { text: "No line is cut short.", measured: broken("the proxy cuts lines short") },
  merge: { text: "No two lines become one.", measured: broken("the proxy merges two lines into one") },
  invent: { text: "No line arrives that nobody wrote.", measured: broken("the proxy adds lines of its own") },
  refuse: {
    text: "Pushes that are refused with 429 three times lose no line: Promtail tries again.",
    measured: { verdict: "holds" },
  },
  "by-source": {
    text: "No line of any source is lost, doubled, changed or added.",
    measured: broken("the proxy does one of these things to each source"),
  },
  mixed: {
    text: "No line is lost, doubled, changed or added.",
    measured: broken("the proxy does all of these things"),
  },
};

/** Claims that test Everyline itself. The proxy records what it damages, so the correct verdict and counts of every run are known. */
export const knownBadClaims: Claim[] = Object.entries(rows).map(([name, { text, measured }]) => ({
  id: `known-bad/damaged-push/${name}`,
  pipeline: "known-bad",
  scenario: `damaged-push/${name}`,
  text,
  source,
  bounds: { lost: 0, duplicated: 0 },
  measured,
}));
