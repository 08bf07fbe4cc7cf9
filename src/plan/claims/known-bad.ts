import { broken, type Claim } from "../claim.ts";

const source = "none: a proxy that damages lines on purpose, so that Everyline can be seen to find every one";
const loses = "the proxy keeps lines to itself";

/** What is promised in vain, and what runs find; by the case of the scenario. */
const rows: Record<string, { text: string; measured: Claim["measured"] }> = {
  drop: { text: "No push that was acknowledged is thrown away.", measured: broken(loses) },
  shorten: { text: "No end of a push that was acknowledged is thrown away.", measured: broken(loses) },
  duplicate: { text: "No push is handed on twice.", measured: broken("the proxy hands lines on twice") },
  resend: {
    text: "No push is stored that was answered with 500.",
    measured: broken("the proxy stores a push and has it sent again"),
  },
  reorder: {
    text: "Lines that exchange their times are counted as out of order, and none is lost.",
    measured: { verdict: "holds" },
  },
  delay: {
    text: "A push that is handed on after later ones loses no line and changes no order: lines carry their own times.",
    measured: { verdict: "holds" },
  },
  corrupt: { text: "No line is changed.", measured: broken("the proxy changes a character of lines") },
  truncate: { text: "No line is cut short.", measured: broken("the proxy cuts lines short") },
  merge: { text: "No two lines become one.", measured: broken("the proxy makes one line of two") },
  invent: { text: "No line comes that nobody wrote.", measured: broken("the proxy adds lines of its own") },
  refuse: {
    text: "Pushes that are refused with 429 three times lose no line: Promtail tries again.",
    measured: { verdict: "holds" },
  },
  "by-source": {
    text: "No line of any source is lost, doubled, changed or added.",
    measured: broken("the proxy does one of it to each source"),
  },
  mixed: {
    text: "No line is lost, doubled, changed or added.",
    measured: broken("the proxy does all of it"),
  },
};

/** Claims that put Everyline itself to the test: which of them hold is known, and so is by how many lines. */
export const knownBadClaims: Claim[] = Object.entries(rows).map(([name, { text, measured }]) => ({
  id: `known-bad/damaged-push/${name}`,
  pipeline: "known-bad",
  scenario: `damaged-push/${name}`,
  text,
  source,
  bounds: { lost: 0, duplicated: 0 },
  measured,
}));
