import { describe, expect, it } from "vitest";
import { ReadError } from "../../base/read-error.ts";
import type { ReadProblem } from "../../base/read-problem.ts";
import type { ProofFailure } from "../../judge/proof-failure.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { hintFor } from "../../sinks/victorialogs/victorialogs-hints.ts";
import { describeDifference, describeProofFailure } from "./proof-words.ts";

const pipeline = {
  sink: {
    kind: "victorialogs",
    services: { store: null },
    reader: "store",
    ingesters: ["store"],
    port: 9_428,
  },
  deployment: { kind: "own", configFile: "shop.yaml" },
} as unknown as Pipeline;
const plan = { sink: "victorialogs" };

describe("what the sink answers in place of lines", () => {
  const refused = (status: number, answer: string): ReadProblem => ({
    code: "refused",
    sink: "victorialogs",
    status,
    answer,
  });

  it("is told with what to do about it", () => {
    const problem = refused(401, "no");
    const hint = hintFor(new ReadError(problem), pipeline) ?? null;
    expect(describeProofFailure({ code: "unreadable", problem, hint }, plan)).toBe(
      "Nothing can be read from VictoriaLogs. VictoriaLogs answered 401: no. " +
        "Set victorialogs.basicAuth or victorialogs.bearerToken in shop.yaml to those of somebody who may read.",
    );
  });

  it("is told alone where nothing is known of what to do", () => {
    const problem = refused(500, "out of memory");
    expect(hintFor(new ReadError(problem), pipeline)).toBeUndefined();
    expect(describeProofFailure({ code: "unreadable", problem, hint: null }, plan)).toBe(
      "Nothing can be read from VictoriaLogs. VictoriaLogs answered 500: out of memory.",
    );
  });
});

describe("why no line came through", () => {
  const of = { instance: "promtail", lastWords: "level=error no such file" };
  const lastWords = "Its last lines were: level=error no such file";
  const silent = {
    ...of,
    code: "no-sentinel",
    afterSeconds: 60,
    unreadable: null,
    discarded: {},
    altered: null,
  } as const;

  it.each<[ProofFailure, string]>([
    [
      { ...of, code: "ended", exitCode: 1 },
      `The promtail container ended by itself with exit code 1. ${lastWords}`,
    ],
    [
      { ...of, code: "gone" },
      `The promtail container is gone: something removed or replaced it. ${lastWords}`,
    ],
    [
      { ...of, code: "not-ready", afterSeconds: 60 },
      `The promtail container was not ready within 60 s. ${lastWords}`,
    ],
    [
      { ...of, code: "ended", exitCode: 137, isOutOfMemory: true },
      `The promtail container ended by itself with exit code 137, killed because its memory was used up. ${lastWords}`,
    ],
    [
      { ...of, code: "crash-loop", starts: 4, afterSeconds: 3, exitCode: 1 },
      `The promtail container starts and ends again and again: 4 times within 3 s, the last time with exit code 1. ${lastWords}`,
    ],
    [
      { ...of, code: "crash-loop", starts: 4, afterSeconds: 3, exitCode: null },
      `The promtail container starts and ends again and again: 4 times within 3 s. ${lastWords}`,
    ],
    [
      { ...of, code: "not-ready", afterSeconds: 60, answer: "answered 503 (Ingester not ready)" },
      `The promtail container was not ready within 60 s: asked for it, it answered 503 (Ingester not ready). ${lastWords}`,
    ],
    [
      {
        ...of,
        code: "not-ready",
        afterSeconds: 60,
        answer: "did not answer (other side closed)",
        deaf: { instance: "promtail", port: 80, listening: [9_080, 9_095] },
      },
      "The promtail container was not ready within 60 s: asked for it, it did not answer (other side closed). " +
        `Nothing listens at port 80 of promtail, only at 9080, 9095. ${lastWords}`,
    ],
    [silent, `The promtail container delivered no sentinel within 60 s. ${lastWords}`],
    [
      { ...silent, discarded: { too_big_timestamp: 2, rate_limited: 1 }, altered: "INFO: a line" },
      "VictoriaLogs has refused 2 lines for too_big_timestamp (their timestamps are further ahead of its clock than its -futureRetention, 2 days unless told otherwise), and 1 lines for " +
        'rate_limited. Lines of the run do arrive in VictoriaLogs, but not byte for byte as they were written: "INFO: a line". ' +
        "If the pipeline takes lines apart on purpose, source.line says in which form your programs write them. " +
        `The promtail container delivered no sentinel within 60 s. ${lastWords}`,
    ],
    [
      {
        code: "lines-of-others",
        selector: '{job="logs"}',
        stream: '{job="logs", app="shop"}',
        lines: 3,
        sample: "a",
      },
      "Lines of other programs arrive in a stream of the run, where they cannot be distinguished from damaged lines: " +
        '{job="logs", app="shop"} holds 3 of them, like "a". No fault was injected. Give the log files of victorialogs.selector ' +
        '({job="logs"}) labels that no other logs have, or name a narrower selector.',
    ],
    [{ code: "told", hasEnded: true, text: "As it was." }, "As it was."],
  ])("is told in sentences: %j", (failure, sentences) => {
    expect(describeProofFailure(failure, plan)).toBe(sentences);
  });

  it("is told with the port at which nothing listens, and that nothing listens anywhere", () => {
    const deaf = { instance: "promtail", port: 3_101, listening: [] };
    expect(describeProofFailure({ ...of, code: "not-ready", afterSeconds: 15, deaf }, plan)).toBe(
      `The promtail container was not ready within 15 s. Nothing listens at port 3101 of promtail, nor at any other. ${lastWords}`,
    );
  });

  it("is told with what the sink answered last", () => {
    const problem: ReadProblem = {
      code: "unanswered",
      sink: "victorialogs",
      path: "/select/logsql",
      message: "timeout",
    };
    const failure = { ...silent, unreadable: { problem, hint: null } };
    expect(describeProofFailure(failure, plan)).toMatch(
      /^Nothing can be read from VictoriaLogs\. VictoriaLogs did not answer \/select\/logsql: timeout\. The promtail container delivered/,
    );
  });
});

it("tells how the files of containers differ from the user's", () => {
  const of = { service: "store", path: "/etc/store.yaml" };
  expect(describeDifference({ ...of, code: "missing" })).toBe(
    "The container of store does not have the user's file /etc/store.yaml, so what ran is not what the user has.",
  );
  expect(describeDifference({ ...of, code: "another", isWritten: false })).toBe(
    "The container of store has another /etc/store.yaml than the user; what ran is not what the user has.",
  );
  expect(describeDifference({ ...of, code: "another", isWritten: true })).toContain(
    "than the user: it has written it itself since it started; what ran",
  );
  expect(describeDifference({ code: "further", files: 7 })).toBe(
    "7 more files of containers differ from the user's.",
  );
  expect(describeDifference({ code: "told", text: "As it was." })).toBe("As it was.");
});
