import { expect, it } from "vitest";
import type { RunDocument } from "../judge/run-document.ts";
import { describeKafka } from "./describe.ts";

const counts = { written: 9, delivered: 9, duplicated: 0, reordered: 0 };
const kafka = {
  ...{ counts, deleted: 3, deadLetters: {}, redelivered: null, retries: {}, answers: {} },
  partitions: [{ partition: 0, logStartOffset: 3, endOffset: 9 }],
};
const told = (kind: string) =>
  describeKafka({ kafka, plan: { schedule: [{ kind, target: "kafka" }] } } as unknown as RunDocument);

it("tells whether its retention or a fault deleted records", () => {
  expect(told("stop")).toContain("; 3 deleted by its retention (");
  expect(told("delete-records")).toContain("; 3 deleted by a fault (");
});
