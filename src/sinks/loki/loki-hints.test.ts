import { expect, it } from "vitest";
import { ReadError } from "../../base/read-error.ts";
import type { ReadProblem } from "../../base/read-problem.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { refusalMeaning } from "../../products/refusal-meanings.ts";
import { describeProofFailure } from "../../report/words/proof-words.ts";
import { hintFor } from "./loki-hints.ts";

const sink = "loki";
const pipeline = {
  sink: { kind: sink, services: { store: null }, reader: "store", ingesters: ["store"], port: 3_100 },
  deployment: { kind: "own", configFile: "shop.yaml" },
} as unknown as Pipeline;

const refused = (status: number, answer: string): ReadProblem => ({ code: "refused", sink, status, answer });

it.each<[ReadProblem, string, string]>([
  [refused(401, "no org id"), "Loki answered 401: no org id", "set loki.tenant in shop.yaml"],
  [
    refused(403, "who are you?"),
    "Loki answered 403: who are you?",
    "loki.basicAuth, loki.bearerToken or loki.tenant",
  ],
  [
    refused(404, "page not found"),
    "Loki answered 404: page not found",
    "with the path that a proxy puts before /loki/api/v1",
  ],
  [refused(302, ""), "Loki answered 302: (nothing)", "the address of Loki's own API"],
  [
    { code: "page", sink, path: "/loki/api/v1/series", words: "Welcome" },
    "Loki answered /loki/api/v1/series with something else than was asked for: a page for people, Welcome",
    "the address of Loki's own API",
  ],
  [{ code: "unpublished", sink }, "Loki's port is not published", "Publish port 3100 of store"],
])("says what to do about a refusal: %j", (problem, answer, hint) => {
  const found = hintFor(new ReadError(problem), pipeline) ?? null;
  const text = describeProofFailure({ code: "unreadable", problem, hint: found }, { sink });
  expect(text).toContain(`Nothing can be read from Loki. ${answer}`);
  expect(text).toContain(hint);
});

it("says nothing where it does not know what to do", () => {
  expect(hintFor(new ReadError(refused(500, "out of memory")), pipeline)).toBeUndefined();
});

it("says what reasons for refusing lines mean where they do not speak for themselves", () => {
  expect(refusalMeaning(sink, "too_far_behind")).toBe(
    "their timestamps are too far behind the newest of their stream",
  );
  expect(refusalMeaning(sink, "rate_limited")).toBeUndefined();
});
