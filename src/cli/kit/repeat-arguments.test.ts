import { expect, it } from "vitest";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { repeatArguments } from "./repeat-arguments.ts";

const direct = { name: "direct", layout: "single", deployment: { kind: "fixture" } } as Pipeline;

it("names the pipeline, its layout and the seed of a run, and whatever was asked for beside", () => {
  const run = { scenario: { name: "sink-restart" }, pipeline: direct, seed: "abc" };
  expect(repeatArguments(run, { faults: true }).join(" ")).toBe(
    "run sink-restart --pipeline direct --layout single --seed abc",
  );
  const image = new Map([["loki", "3.7.6"]]);
  expect(repeatArguments(run, { faults: false, lines: 500, rate: 50, image }).join(" ")).toBe(
    "run sink-restart --pipeline direct --layout single --image loki=3.7.6 --lines 500 --rate 50 --no-faults --seed abc",
  );
});

it("leaves the layout away where the scenario has one of its own, and the pipeline where it is the user's", () => {
  const run = { scenario: { name: "sink-crash", layout: "split" }, pipeline: direct, seed: "abc" };
  expect(repeatArguments(run, { faults: true }).join(" ")).toBe(
    "run sink-crash --pipeline direct --seed abc",
  );
  const deployment = {
    kind: "own",
    configFile: `${process.cwd()}/shop/everyline.config.yaml`,
    project: "shop",
  };
  const own = { name: "shop", layout: "", deployment } as Pipeline;
  expect(repeatArguments({ ...run, pipeline: own }, { faults: true }).join(" ")).toBe(
    "run sink-crash --config shop/everyline.config.yaml --project shop --seed abc",
  );
});
