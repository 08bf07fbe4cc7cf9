import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { factsOf, textsOf } from "../report/facts.ts";
import { describeFaultItems } from "../report/words/evidence-words.ts";
import { describeReason } from "../report/words/reason-words.ts";
import { reasonSchema } from "./reasons.ts";
import { recordedSchema } from "./recorded.ts";
import { runDocumentSchema } from "./run-document.ts";

const recordings = join(import.meta.dirname, "../../fixtures/recordings");
const stored = (file: string) => JSON.parse(readFileSync(join(recordings, file), "utf8")) as object;
const run = runDocumentSchema.parse(stored("broken/run.json"));

it.each(["not-proven", "other-file", "not-read", "not-started", "kafka-not-read"])(
  "reads %s of a run that was stored with a sentence, which is told as it was",
  (code) => {
    const reason = reasonSchema.parse({ code, message: "The store did not answer." });
    expect(describeReason(reason, run)).toContain("The store did not answer.");
    expect(reasonSchema.parse(reason)).toEqual(reason);
  },
);

it("reads a recording with sentences", () => {
  const recorded = recordedSchema.parse({
    ...stored("broken/recording.json"),
    proofFailure: { hasEnded: true, message: "The store container ended." },
    differences: ["The container of store has another /etc/store.yaml."],
    readFailure: "The store did not answer.",
    notes: ["store /store: empty"],
    remarks: [{ code: "kafka-not-read", message: "Kafka did not answer." }],
  });
  const told = (text: string) => ({ code: "told", text });
  expect(recorded).toMatchObject({
    proofFailure: { ...told("The store container ended."), hasEnded: true },
    differences: [told("The container of store has another /etc/store.yaml.")],
    readFailure: told("The store did not answer."),
    notes: [told("store /store: empty")],
    remarks: [{ code: "kafka-not-read", problem: told("Kafka did not answer.") }],
  });
  expect(recordedSchema.parse(recorded)).toEqual(recorded);
});

it("reads a document whose notes and refusals are sentences, and a replacement that failed for a reason in words", () => {
  const images = { from: { reference: "store:3.6.4", id: "1" }, to: { reference: "store:3.7.6", id: "2" } };
  const fault = {
    ...run.faults[0]!,
    kind: "swap-image",
    evidence: [
      {
        code: "did-not-come-up",
        instance: "store",
        ...images,
        message: "it ended by itself",
        hasEnded: true,
      },
    ],
    refusals: ["store: 3.7.6 does not run on the data of 3.6.4"],
  };
  const document = runDocumentSchema.parse({ ...run, notes: ["store /store: empty"], faults: [fault] });
  const facts = factsOf(document, { lostRanges: 1, tornLines: 1, alerts: 1 });
  expect(textsOf(facts, "started with")).toEqual(["store /store: empty"]);
  expect(document.faults[0]!.refusals).toEqual([
    { code: "told", text: "store: 3.7.6 does not run on the data of 3.6.4" },
  ]);
  expect(describeFaultItems(document.faults[0]!)[0]).toBe(
    "store: store:3.7.6 (2) did not come up in the place of store:3.6.4 (1): it ended by itself",
  );
});
