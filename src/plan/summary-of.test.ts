import { expect, it } from "vitest";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { findRuns, loadScenarios } from "./scenario.ts";
import { summaryOf } from "./summary-of.ts";

it("calls the program that ships lines by its own name", async () => {
  const [bothCrash] = findRuns(await loadScenarios(), "both-crash");
  expect(summaryOf(bothCrash!, await loadPipeline("direct-otel"))).toBe(
    bothCrash!.summary.replace("Promtail", "The OpenTelemetry Collector"),
  );
  expect(summaryOf(bothCrash!, await loadPipeline("direct"))).toBe(bothCrash!.summary);
});
