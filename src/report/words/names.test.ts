import { expect, it } from "vitest";
import { sinkKinds, sinkName } from "../../pipeline/sink-kind.ts";
import { sinkNameOf } from "./names.ts";

it("calls the sink of a run by its product's name, and one that is not known as the run does", () => {
  expect(["victorialogs", "elsewhere"].map((sink) => sinkNameOf({ sink }))).toEqual([
    "VictoriaLogs",
    "elsewhere",
  ]);
  expect(sinkKinds.map((sink) => sinkNameOf({ sink }))).toEqual(sinkKinds.map(sinkName));
});
