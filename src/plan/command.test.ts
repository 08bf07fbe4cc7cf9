import { expect, it } from "vitest";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { commandFor } from "./command.ts";

const direct = { name: "direct", layout: "single", deployment: { kind: "fixture" } } as Pipeline;

it("names the pipeline, its layout and every other option that was given", () => {
  const run = { scenario: { name: "sink-restart" }, pipeline: direct };
  expect(commandFor(run, { faults: true }).join(" ")).toBe(
    "run sink-restart --pipeline direct --layout single",
  );
  const image = new Map([["loki", "3.7.6"]]);
  expect(commandFor(run, { faults: false, lines: 500, rate: 50, image }).join(" ")).toBe(
    "run sink-restart --pipeline direct --layout single --image loki=3.7.6 --lines 500 --rate 50 --no-faults",
  );
});

it("leaves the layout away where the scenario has one of its own, and the pipeline where it is the user's", () => {
  const run = { scenario: { name: "sink-crash", layout: "split" }, pipeline: direct };
  expect(commandFor(run, { faults: true }).join(" ")).toBe("run sink-crash --pipeline direct");
  const deployment = {
    kind: "own",
    configFile: `${process.cwd()}/shop/everyline.config.yaml`,
    project: "shop",
  };
  const own = { name: "shop", layout: "", deployment } as Pipeline;
  expect(commandFor({ ...run, pipeline: own }, { faults: true }).join(" ")).toBe(
    "run sink-crash --config shop/everyline.config.yaml --project shop",
  );
  const choices = { faults: true, envFile: ["prod.env"], profile: ["logs", "more"] };
  expect(commandFor({ ...run, pipeline: own }, choices).join(" ")).toBe(
    "run sink-crash --config shop/everyline.config.yaml --project shop --env-file prod.env --profile logs --profile more",
  );
});
