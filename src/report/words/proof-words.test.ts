import { describe, expect, it } from "vitest";
import { ReadError } from "../../base/read-error.ts";
import type { ReadProblem } from "../../base/read-problem.ts";
import type { ProofFailure } from "../../judge/proof-failure.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { hintFor as hintOfLoki } from "../../sinks/loki/loki-hints.ts";
import { hintFor as hintOfVictoriaLogs } from "../../sinks/victorialogs/victorialogs-hints.ts";
import { describeDifference, describeProofFailure } from "./proof-words.ts";

const pipeline = {
  sink: { kind: "loki", services: { store: null }, reader: "store", ingesters: ["store"], port: 3_100 },
  deployment: { kind: "own", configFile: "shop.yaml" },
} as unknown as Pipeline;
const loki = { sink: "loki" };

describe("what the sink answers in place of lines", () => {
  const refused = (status: number, answer: string): ReadProblem => ({
    code: "refused",
    sink: "loki",
    status,
    answer,
  });

  it.each<[ReadProblem, string, string]>([
    [refused(401, "no org id"), "Loki answered 401: no org id", "set loki.tenant in shop.yaml"],
    [
      refused(403, "who are you?"),
      "Loki answered 403: who",
      "loki.basicAuth, loki.bearerToken or loki.tenant",
    ],
    [
      refused(404, "page not found"),
      "Loki answered 404",
      "with the path that a proxy puts before /loki/api/v1",
    ],
    [refused(302, ""), "Loki answered 302: (nothing)", "the address of Loki's own API"],
    [
      { code: "page", sink: "loki", path: "/loki", words: "Welcome" },
      "Loki answered /loki with something else than was asked for: a page for people, Welcome",
      "the address of Loki's own API",
    ],
    [{ code: "unpublished", sink: "loki" }, "Loki's port is not published", "Publish port 3100 of store"],
  ])("is told with what to do: %j", (problem, answer, hint) => {
    const found = hintOfLoki(new ReadError(problem), pipeline) ?? null;
    const text = describeProofFailure({ code: "unreadable", problem, hint: found }, loki);
    expect(text).toContain(`Nothing can be read from Loki. ${answer}`);
    expect(text).toContain(hint);
  });

  it("is told with the settings of another sink where that is read", () => {
    const problem: ReadProblem = { code: "refused", sink: "victorialogs", status: 401, answer: "no" };
    const hint = hintOfVictoriaLogs(new ReadError(problem), pipeline) ?? null;
    expect(describeProofFailure({ code: "unreadable", problem, hint }, { sink: "victorialogs" })).toBe(
      "Nothing can be read from VictoriaLogs. VictoriaLogs answered 401: no. " +
        "Set victorialogs.basicAuth or victorialogs.bearerToken in shop.yaml to those of somebody who may read.",
    );
  });

  it("is told alone where nothing is known of what to do", () => {
    const problem = refused(500, "out of memory");
    expect(hintOfLoki(new ReadError(problem), pipeline)).toBeUndefined();
    expect(describeProofFailure({ code: "unreadable", problem, hint: null }, loki)).toBe(
      "Nothing can be read from Loki. Loki answered 500: out of memory.",
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
    [silent, `The promtail container delivered no sentinel within 60 s. ${lastWords}`],
    [
      { ...silent, discarded: { too_far_behind: 2, rate_limited: 1 }, altered: "INFO: a line" },
      "Loki has refused 2 lines for too_far_behind (their timestamps are too far behind the newest of their stream), and 1 lines for " +
        'rate_limited. Lines of the run do come to Loki, but not as they were written, byte for byte: "INFO: a line". ' +
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
      "Lines of others come into a stream of the run's own, where nobody can tell them from damaged ones: " +
        '{job="logs", app="shop"} holds 3 of them, like "a". Nothing was broken. Give the log files of loki.selector ' +
        '({job="logs"}) labels that no other logs have, or name a narrower selector.',
    ],
    [{ code: "told", hasEnded: true, text: "As it was." }, "As it was."],
  ])("is told in sentences: %j", (failure, sentences) => {
    expect(describeProofFailure(failure, loki)).toBe(sentences);
  });

  it("is told with what the sink answered last", () => {
    const problem: ReadProblem = {
      code: "unanswered",
      sink: "loki",
      path: "/loki/api/v1/series",
      message: "timeout",
    };
    const failure = { ...silent, unreadable: { problem, hint: null } };
    expect(describeProofFailure(failure, loki)).toMatch(
      /^Nothing can be read from Loki\. Loki did not answer \/loki\/api\/v1\/series: timeout\. The promtail container delivered/,
    );
  });
});

it("tells how the files of containers differ from the user's", () => {
  const of = { service: "loki", path: "/etc/loki.yaml" };
  expect(describeDifference({ ...of, code: "missing" })).toBe(
    "The container of loki does not have the user's file /etc/loki.yaml, so what ran is not what the user has.",
  );
  expect(describeDifference({ ...of, code: "another", isWritten: false })).toBe(
    "The container of loki has another /etc/loki.yaml than the user; what ran is not what the user has.",
  );
  expect(describeDifference({ ...of, code: "another", isWritten: true })).toContain(
    "than the user: it has written it itself since it started; what ran",
  );
  expect(describeDifference({ code: "further", files: 7 })).toBe(
    "7 more files of containers differ from the user's.",
  );
  expect(describeDifference({ code: "told", text: "As it was." })).toBe("As it was.");
});
