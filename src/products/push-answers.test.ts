import { expect, it } from "vitest";
import { parseMetrics } from "../base/metrics.ts";
import { pushAnswers } from "./push-answers.ts";

it("adds up how pushes were answered, over all hosts, and those without an answer", () => {
  const text = `promtail_request_duration_seconds_count{host="a:3100",status_code="204"} 10
promtail_request_duration_seconds_count{host="b:3100",status_code="204"} 5
promtail_request_duration_seconds_count{host="a:3100",status_code="429"} 3
promtail_request_duration_seconds_count{host="a:3100",status_code="-1"} 2
promtail_request_duration_seconds_sum{host="a:3100",status_code="204"} 1.5
`;
  expect(pushAnswers(parseMetrics(text))).toEqual({ "204": 15, "429": 3, "no answer": 2 });
  expect(pushAnswers([])).toEqual({});
});
