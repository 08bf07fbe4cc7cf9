import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describePipeline, listPipelines } from "../../pipeline/pipeline.ts";
import { claims } from "../../plan/claims/table.ts";
import { casesOf, loadScenarios } from "../../plan/scenario.ts";
import { aboutText, claimsText, pipelinesText, scenariosText } from "./list-text.ts";

describe("everyline list", () => {
  it.each([80, 110])("has no line that is wider than %i columns", async (width) => {
    const scenarios = (await loadScenarios()).flatMap(casesOf);
    const names = await listPipelines();
    const pipelines = await Promise.all(
      names.map(async (name) => ({ name, ...(await describePipeline(name)) })),
    );
    const texts = [
      scenariosText(scenarios, width),
      pipelinesText(pipelines, width),
      claimsText(claims, width),
      aboutText(width),
    ];
    const tooWide = texts.flatMap((text) => text.split("\n")).filter((line) => line.length > width);
    expect(tooWide).toEqual([]);
  });

  it("has a sentence for each scenario", async () => {
    const scenarios = (await loadScenarios()).flatMap(casesOf);
    expect(scenarios.filter(({ summary }) => !/^[A-Z].*\.$/.test(summary))).toEqual([]);
  });

  it("tells what is known of a claim below its scenario, pipeline by pipeline", () => {
    const ofRestart = claims.filter(
      ({ scenario, pipeline }) => scenario.startsWith("promtail-restart") && pipeline.startsWith("direct"),
    );
    expect(claimsText(ofRestart, 80)).toMatchInlineSnapshot(`
      "  promtail-restart: no loss
          direct                broken (a race): when it is stopped, Promtail does not
                                wait until it has sent its whole WAL (seen in 3 of 7
                                runs)
          direct-hardened       holds
          direct-stdout         holds
          direct-otel           holds
          direct-otel-hardened  holds
        promtail-restart/during-outage: no loss
          direct                broken: after a restart Promtail's WAL begins with a
                                new segment and never sends the rest of the old ones
          direct-hardened       holds
          direct-otel           holds
          direct-otel-hardened  holds"
    `);
  });

  it("says which page explains the document, and there is one", () => {
    const [page] = /docs\/[\w-]+\.md/.exec(aboutText(200)) ?? [];
    expect(existsSync(join(import.meta.dirname, "../../..", page!))).toBe(true);
  });

  it("shows the layouts of a pipeline that has several", () => {
    const layouts = [
      { name: "before-store", title: "The proxy is between Promtail and the store" },
      { name: "before-kafka", title: "The proxy is between Promtail and the gateway to Kafka" },
    ];
    const title = "A proxy damages lines on their way and records which, to test Everyline itself";
    expect(pipelinesText([{ name: "known-bad", title, layouts }], 80)).toMatchInlineSnapshot(`
      "  known-bad                A proxy damages lines on their way and records which,
                                 to test Everyline itself
          --layout before-store  The proxy is between Promtail and the store
          --layout before-kafka  The proxy is between Promtail and the gateway to
                                 Kafka"
    `);
  });
});
