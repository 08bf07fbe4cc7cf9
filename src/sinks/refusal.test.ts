import { expect, it } from "vitest";
import { ReadError } from "../base/read-error.ts";
import type { ReadProblem } from "../base/read-problem.ts";
import { isLasting } from "./refusal.ts";

const of = (problem: ReadProblem) => ({ error: new ReadError(problem), sinceMs: 0 });
const refused = (status: number) => of({ code: "refused", sink: "victorialogs", status, answer: "" });
const unanswered = of({ code: "unanswered", sink: "victorialogs", path: "/", message: "ECONNREFUSED" });

it("waits where the sink answers something else than lines only if waiting may help", () => {
  const lasting = [401, 403, 400, 404, 302].filter((status) => isLasting(refused(status), 20_000));
  expect(lasting).toEqual([401, 403, 400, 404, 302]);
  expect(isLasting(of({ code: "page", sink: "victorialogs", path: "/", words: "Welcome" }), 20_000)).toBe(
    true,
  );
  const passing = [429, 500, 502, 503].filter((status) => isLasting(refused(status), 60_000));
  expect(passing).toEqual([]);
  expect(isLasting(unanswered, 60_000)).toBe(false);
  expect(isLasting(refused(401), 1_000)).toBe(false);
  expect(isLasting(refused(404), 7_000)).toBe(false);
  expect(isLasting(of({ code: "unpublished", sink: "victorialogs" }), 20_000)).toBe(true);
});
